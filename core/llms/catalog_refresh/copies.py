"""The lists as they were fetched, a file each: a line about it, then the list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from pydantic_core import from_json, to_json

from core.llms.catalog_refresh.fetching import Known
from core.llms.catalog_refresh.lists import LISTS, PublishedList
from core.llms.whole_files import replace_file


@dataclass(frozen=True, slots=True)
class ListCopy:
    """A list: where it is from, when it was fetched and last found unchanged (ISO, UTC), and how many models it has."""

    name: str
    url: str
    fetched: str
    checked: str
    etag: str | None
    last_modified: str | None
    models: int
    body: bytes = field(repr=False)

    @property
    def known(self) -> Known:
        """What the publisher said of it."""
        return Known(self.etag, self.last_modified)


class DamagedCopyError(ValueError):
    """A copy of a list is not as it was written."""


def copy_path(folder: Path, published: PublishedList) -> Path:
    """Return the file of a list."""
    return folder / f"{published.name}.list"


def load_copy(path: Path) -> ListCopy | None:
    """Read a list's copy; None where there is none. Raises `DamagedCopyError`, OSError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    line, _, body = content.partition(b"\n")
    try:
        head = from_json(line)
        digest = head.pop("sha256")
        copy = ListCopy(**head, body=body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedCopyError(f"{path} is corrupt at line 1: {error}") from error
    if sha256(body).hexdigest() != digest:
        raise DamagedCopyError(f"{path} is not as it was written")
    return copy


def store_copy(path: Path, copy: ListCopy) -> None:
    """Write a list's copy, whole or not at all. Raises OSError."""
    head = asdict(copy)
    body = head.pop("body")
    replace_file(path, to_json(head | {"sha256": sha256(body).hexdigest()}) + b"\n" + body)


def copy_paths(folder: Path) -> Iterator[tuple[PublishedList, Path]]:
    """Give every list with its file."""
    for published in LISTS:
        yield published, copy_path(folder, published)
