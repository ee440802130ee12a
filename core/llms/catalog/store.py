"""Reads the catalogue: a provider's rows, from its file, when they are first asked for.

Facts that were refreshed on this machine (`refreshed`) go before the packaged ones, save for those of rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic_core import from_json

from core.llms.catalog.overlay import Rows, overlay_rows
from core.llms.catalog.refreshed import catalog_file, forget_refused, load_refreshed
from core.llms.providers.base.metadata import Source

DATA: Final = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ProviderRows:
    """What the catalogue has of a provider: rows by id, ids by other names, and the lists that facts are of."""

    rows: Mapping[str, Mapping[str, Any]]
    aliases: Mapping[str, str]
    sources: Mapping[str, Source]

    def find(self, name: str) -> Mapping[str, Any] | None:
        """Return the row of a model by its id or another name of it."""
        return self.rows.get(name) or self.rows.get(self.aliases.get(name, ""))


_NOTHING: Final = ProviderRows(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}))


@cache
def load_provider(provider: str) -> ProviderRows:
    """Return a provider's rows, packaged and refreshed; a provider that has no file has none.

    Raises ValueError for a packaged file that is corrupt; a refreshed one warns, and is not used.
    """
    packaged = load_packaged(provider)
    if not catalog_file().is_file():
        return packaged
    refreshed = load_refreshed(provider)
    return packaged if refreshed is None else overlay_provider(packaged, *refreshed)


def overlay_provider(packaged: ProviderRows, rows: Rows, sources: Mapping[str, Source]) -> ProviderRows:
    """Put refreshed rows over the packaged ones."""
    both = {**packaged.sources, **sources}
    return _provider_rows(overlay_rows(packaged.rows, rows, both), both)


_listeners: list[Callable[[], None]] = []


def on_reload(forget: Callable[[], None]) -> None:
    """Have a function called when the catalogue is to be read anew: it forgets what was made of the old one."""
    _listeners.append(forget)


def reload_catalog() -> None:
    """Read the catalogue anew when it is next asked for; LLMs that were made keep what they have."""
    load_provider.cache_clear()
    forget_refused()
    for forget in _listeners:
        forget()


@cache
def load_packaged(provider: str, folder: Path = DATA) -> ProviderRows:
    """Read a provider's rows as the package has them. Raises ValueError for a file that is corrupt."""
    path = folder / f"{provider}.json"
    if not path.is_file():
        return _NOTHING
    return parse_provider(path.read_bytes(), path)


def parse_provider(content: bytes, path: Path) -> ProviderRows:
    """Read the content of a provider's file. Raises ValueError, which names the file and the place."""
    try:
        raw = from_json(content)
        sources = {key: _source(value) for key, value in raw["sources"].items()}
        rows = {row["id"]: row for row in raw["models"]}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"the catalogue's file {path} is corrupt: {error}") from error
    return _provider_rows(rows, sources)


def _provider_rows(rows: Rows, sources: Mapping[str, Source]) -> ProviderRows:
    aliases = {alias: id for id, row in rows.items() for alias in row.get("aliases", ())}
    return ProviderRows(MappingProxyType(dict(rows)), MappingProxyType(aliases), MappingProxyType(dict(sources)))


def list_catalogued() -> list[str]:
    """Return the providers that the catalogue has rows of."""
    return sorted(path.stem for path in DATA.glob("*.json"))


def _source(raw: Mapping[str, str]) -> Source:
    return Source(raw["name"], date.fromisoformat(raw["date"]))
