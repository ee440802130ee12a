"""What of the refreshed catalogue is on this machine, and taking it away again. Nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.llms.catalog.refreshed import CorruptCatalogError, Head, catalog_file, read_head, read_refreshed
from core.llms.catalog.store import list_catalogued, load_packaged, reload_catalog
from core.llms.catalog_refresh.copies import DamagedCopyError, ListCopy, copy_paths, load_copy
from core.llms.errors import StorageError
from core.llms.providers.base.metadata import Source
from core.llms.whole_files import locked


@dataclass(frozen=True, slots=True)
class KeptList:
    """The copy of a list that is here; None where there is none, or `problem` says what is wrong with it."""

    name: str
    copy: ListCopy | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogStatus:
    """What the facts of models are of: the package's lists, and those that were refreshed.

    `refreshed` is the moment, ISO in UTC; None where nothing was refreshed, or `problem` says why it is not used.
    """

    packaged: tuple[Source, ...]
    packaged_models: int
    path: Path
    refreshed: str | None
    refreshed_models: int
    lists: tuple[KeptList, ...]
    problem: str | None = None


def catalog_status() -> CatalogStatus:
    """Look at the packaged and the refreshed catalogue."""
    path = catalog_file()
    listed = [load_packaged(provider) for provider in list_catalogued()]
    sources = {source for each in listed for source in each.sources.values()}
    head, models, problem = _look(path)
    return CatalogStatus(
        tuple(sorted(sources, key=lambda source: source.name)),
        sum(len(each.rows) for each in listed),
        path,
        None if head is None else head.refreshed,
        models,
        tuple(_kept(published.name, file) for published, file in copy_paths(path.parent)),
        problem,
    )


def _look(path: Path) -> tuple[Head | None, int, str | None]:
    try:
        head = read_head(path)
        rows = [read_refreshed(path, provider) for provider in (head.parts if head is not None else ())]
    except CorruptCatalogError as error:
        return None, 0, str(error)
    return head, sum(len(each[0]) for each in rows if each is not None), None


def _kept(name: str, path: Path) -> KeptList:
    try:
        return KeptList(name, load_copy(path))
    except (DamagedCopyError, OSError) as error:
        return KeptList(name, None, str(error))


def clear_catalog() -> list[Path]:
    """Remove what was refreshed, so that the packaged catalogue is used alone; return the files that were there.

    Raises `StorageError` where one cannot be removed.
    """
    path = catalog_file()
    if not path.parent.is_dir():
        return []
    files = [path, *(file for _, file in copy_paths(path.parent))]
    try:
        with locked(path):
            there = [file for file in files if file.exists()]
            for file in there:
                file.unlink()
    except OSError as error:
        raise StorageError(f"the refreshed catalogue cannot be removed: {error}") from error
    reload_catalog()
    return there
