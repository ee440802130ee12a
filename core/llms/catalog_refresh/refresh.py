"""`refresh_catalog`: fetch what is newer, check it, and put it before the packaged catalogue, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from yarl import URL

from core.llms.catalog.assembly.facts import Facts, Listing
from core.llms.catalog.assembly.merge import merge_models
from core.llms.catalog.assembly.names import PROVIDERS
from core.llms.catalog.overlay import REFRESHED
from core.llms.catalog.refreshed import CorruptCatalogError, catalog_file, read_refreshed, render_refreshed
from core.llms.catalog.store import ProviderRows, load_packaged, overlay_provider, reload_catalog
from core.llms.catalog_refresh.checks import CheckedList, Plausibility, check_list
from core.llms.catalog_refresh.copies import DamagedCopyError, ListCopy, copy_path, load_copy, store_copy
from core.llms.catalog_refresh.fetching import Fetched, Known, check_limits, fetch
from core.llms.catalog_refresh.lists import LISTS, PublishedList, choose_lists, read_list
from core.llms.catalog_refresh.reports import CatalogRefresh, ListOutcome, compare
from core.llms.errors import LLMError, ProtocolError, StorageError
from core.llms.providers.base.transport import TransportOptions
from core.llms.whole_files import locked, replace_file

TIMEOUT_SECONDS: Final = 30.0
MAX_BYTES: Final = 64 * 1024 * 1024


async def refresh_catalog(
    *,
    lists: Iterable[str] | None = None,
    urls: Mapping[str, str] | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    max_bytes: int = MAX_BYTES,
    plausibility: Plausibility | None = None,
    transport: TransportOptions | None = None,
) -> CatalogRefresh:
    """Fetch newer lists of models and prices, and return what changed.

    `lists` names those to fetch, all by default: models.dev, litellm, genai-prices; `urls` has other addresses for
    them, by name. A list that did not change is not sent again. `timeout_seconds` is for each list, `max_bytes` its
    size after decompression. A list that fails, or cannot be believed, changes nothing, and is among the `failures`.
    What was fetched is kept in `CORE_LLMS_CACHE_DIR`, or where the system keeps caches, and goes before the packaged
    catalogue, in this process at once; LLMs that were made before keep what they have.

    Raises:
        LLMError: none of the lists could be refreshed; the error is the first one's, the others are its notes.
        StorageError: the folder cannot be written.
        ConfigurationError: a name, an address or a limit is wrong.
    """
    options = RefreshOptions(
        lists=lists, urls=urls, timeout_seconds=timeout_seconds, max_bytes=max_bytes,
        plausibility=plausibility or Plausibility(), transport=transport or TransportOptions(),
    )  # fmt: skip
    report = await try_refresh(options)
    errors = [failure.error for failure in report.failures if failure.error is not None]
    if errors and len(errors) == len(report.lists):
        for other in errors[1:]:
            errors[0].add_note(str(other))
        raise errors[0]
    return report


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshOptions:
    """What `refresh_catalog` was asked for."""

    lists: Iterable[str] | None = None
    urls: Mapping[str, str] | None = None
    timeout_seconds: float = TIMEOUT_SECONDS
    max_bytes: int = MAX_BYTES
    plausibility: Plausibility = field(default_factory=Plausibility)
    transport: TransportOptions = field(default_factory=TransportOptions)


async def try_refresh(options: RefreshOptions) -> CatalogRefresh:
    """Do what `refresh_catalog` does, but return the report also where every list failed."""
    check_limits(options.timeout_seconds, options.max_bytes)
    chosen = choose_lists(options.lists, options.urls)
    path = catalog_file()
    known = await asyncio.to_thread(_load_known, path.parent, chosen)
    answers = await asyncio.gather(*(_try_fetch(each, known[each.name].known, options) for each in chosen))
    settlement = _Settlement(path, options.plausibility)
    report = await asyncio.to_thread(settlement.settle, list(zip(chosen, answers, strict=True)), known)
    reload_catalog()
    return report


@dataclass(frozen=True, slots=True)
class _KnownCopy:
    """What to ask the publisher with, and what is to be told of the copy that is here."""

    known: Known
    note: str | None = None


def _load_known(folder: Path, chosen: Iterable[PublishedList]) -> dict[str, _KnownCopy]:
    found = {}
    for published in chosen:
        try:
            copy = load_copy(copy_path(folder, published))
        except (DamagedCopyError, OSError) as error:
            found[published.name] = _KnownCopy(Known(), f"{error}: it was fetched anew")
            continue
        is_same = copy is not None and copy.url == published.url
        found[published.name] = _KnownCopy(copy.known if copy is not None and is_same else Known())
    return found


async def _try_fetch(published: PublishedList, known: Known, options: RefreshOptions) -> Fetched | LLMError:
    try:
        return await fetch(
            published.url, known, timeout_seconds=options.timeout_seconds, max_bytes=options.max_bytes,
            transport=options.transport,
        )  # fmt: skip
    except LLMError as error:
        return _about(published, error)


def _about(published: PublishedList, error: LLMError) -> LLMError:
    error.message = f"{published.name}: {error.message}"
    error.args = (error.message,)
    return error


class _Settlement:
    """Takes what was fetched into the folder, under a lock: another process that refreshes waits, and loses nothing."""

    def __init__(self, path: Path, limits: Plausibility) -> None:
        self._path = path
        self._limits = limits
        self._now = datetime.now(UTC)
        self._copies: dict[str, ListCopy] = {}
        self._read: dict[str, CheckedList] = {}
        self._outcomes: dict[str, ListOutcome] = {}

    def settle(
        self, answers: list[tuple[PublishedList, Fetched | LLMError]], known: Mapping[str, _KnownCopy]
    ) -> CatalogRefresh:
        """Keep what can be believed, make the catalogue of it, and say what changed. Raises `StorageError`."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self._path):
                return self._settle(answers, known)
        except OSError as error:
            raise StorageError(f"the refreshed catalogue cannot be kept in {self._path.parent}: {error}") from error

    def _settle(
        self, answers: list[tuple[PublishedList, Fetched | LLMError]], known: Mapping[str, _KnownCopy]
    ) -> CatalogRefresh:
        before = {provider: self._read_back(provider) for provider in PROVIDERS}
        asked = {published.key: (published, answer) for published, answer in answers}
        for published in LISTS:
            if published.key in asked:
                self._take(*asked[published.key], known[published.name].note)
            if published.key not in self._read:
                self._keep(published)
        after = before
        if self._read:
            replace_file(self._path, self._render())
            after = {provider: self._read_back(provider) for provider in PROVIDERS}
        added, prices, changed = compare(before, after, self._now.date())
        outcomes = tuple(self._outcomes[published.name] for published, _ in answers)
        return CatalogRefresh(outcomes, added, prices, changed, self._path)

    def _take(self, published: PublishedList, answer: Fetched | LLMError, note: str | None) -> None:
        """Store a list that came, if it can be believed, or mark that the copy which is here is the newest."""
        if isinstance(answer, LLMError):
            self._fail(published, answer, note)
            return
        last = self._load(published)
        moment = self._now.isoformat(timespec="seconds")
        if answer.body is None and last is not None and last.url == published.url:
            copy = replace(last, checked=moment)
        elif answer.body is None:
            error = ProtocolError(f"{published.name}: it did not change, but the copy here was removed meanwhile")
            self._fail(published, error, note)
            return
        else:
            copy = ListCopy(published.name, published.url, moment, moment, answer.known.etag,
                            answer.known.last_modified, 0, answer.body)  # fmt: skip
        try:
            checked = self._check(published, copy, 0 if last is None else last.models)
        except ValueError as error:
            refusal = ProtocolError(f"{published.name}: {published.url} is refused: {error}")
            self._fail(published, refusal, note)
            return
        self._adopt(published, replace(copy, models=checked.count), checked)
        store_copy(copy_path(self._path.parent, published), self._copies[published.key])
        is_new = last is None or last.body != copy.body
        self._outcomes[published.name] = ListOutcome(
            published.name,
            published.url,
            "updated" if is_new else "unchanged",
            checked.count,
            checked.refused,
            note=note,
        )

    def _keep(self, published: PublishedList) -> None:
        """Use a list's copy from before, where there is one that can be read."""
        last = self._load(published)
        if last is None:
            return
        try:
            checked = self._check(published, last, 0)
        except ValueError as error:
            known = self._outcomes.get(published.name)
            if known is not None:
                note = f"the copy from before is not used either: {error}"
                self._outcomes[published.name] = replace(known, note=note)
            return
        self._adopt(published, last, checked)

    def _adopt(self, published: PublishedList, copy: ListCopy, checked: CheckedList) -> None:
        self._copies[published.key], self._read[published.key] = copy, checked

    def _fail(self, published: PublishedList, error: LLMError, note: str | None) -> None:
        self._outcomes[published.name] = ListOutcome(published.name, published.url, "failed", error=error, note=note)

    def _load(self, published: PublishedList) -> ListCopy | None:
        try:
            return load_copy(copy_path(self._path.parent, published))
        except DamagedCopyError:
            return None  # told in the outcome's note, from when it was looked at first

    def _check(self, published: PublishedList, copy: ListCopy, last_count: int) -> CheckedList:
        return check_list(published.key, read_list(published.key, copy.body, self._ids()), last_count, self._limits)

    def _ids(self) -> dict[str, set[str]]:
        """Return the ids that the package and the lists read so far have, by provider."""
        return {
            provider: {
                *load_packaged(provider).rows,
                *(id for checked in self._read.values() for id in checked.models.get(provider, {})),
            }
            for provider in PROVIDERS
        }

    def _render(self) -> bytes:
        rows: dict[str, dict[str, Facts]] = {}
        listings = [Listing(key, "", "", checked.models) for key, checked in self._read.items()]
        for provider in PROVIDERS:
            merged = merge_models(provider, listings)
            rows[provider] = {id: row | {"from": _marked(row["from"])} for id, (row, _) in merged.items()}
        sources = {
            f"{key}{REFRESHED}": {"name": f"{copy.name} at {URL(copy.url).host}", "date": copy.checked[:10]}
            for key, copy in self._copies.items()
        }
        return render_refreshed(rows, sources, self._now.isoformat(timespec="seconds"))

    def _read_back(self, provider: str) -> ProviderRows:
        """Return a provider's rows as they are now; a file that is corrupt is about to be written anew."""
        packaged = load_packaged(provider)
        try:
            refreshed = read_refreshed(self._path, provider)
        except CorruptCatalogError:
            return packaged
        return packaged if refreshed is None else overlay_provider(packaged, *refreshed)


def _marked(origin: Mapping[str, str]) -> dict[str, str]:
    return {field: f"{key}{REFRESHED}" for field, key in origin.items()}
