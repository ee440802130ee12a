"""The catalogue's newer facts on this machine: one file, a row a line, of which a provider's part is read at a time.

The first line says where each provider's rows are, and what they were when they were written; a file that was cut or
changed is refused with the line, once, and the packaged catalogue is used alone. Fetching is not done here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

from pydantic_core import from_json, to_json

from core.llms.catalog.assembly.facts import Facts, order_row
from core.llms.catalog.overlay import Rows
from core.llms.notices import CatalogWarning, warn_caller_once
from core.llms.providers.base.metadata import Source

CACHE_VARIABLE: Final = "CORE_LLMS_CACHE_DIR"
_FORMAT: Final = 1


class CorruptCatalogError(ValueError):
    """The file of refreshed facts is not as it was written; the message names the file, the line and what is wrong."""


def cache_folder() -> Path:
    """Return where refreshed facts are kept: in `CORE_LLMS_CACHE_DIR`, else where the system keeps caches."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named).expanduser() / "catalog"
    home = Path.home()
    if sys.platform == "win32":
        folder = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        folder = home / "Library" / "Caches"
    else:
        folder = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(folder) / "core-llms" / "catalog"


def catalog_file() -> Path:
    """Return the file that has the refreshed rows of all providers."""
    return cache_folder() / "catalog.jsonl"


@dataclass(frozen=True, slots=True)
class Part:
    """Where a provider's rows are in the file."""

    line: int
    offset: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """The first line: since when these facts are here, the lists that they are of, and where the rows are."""

    refreshed: str
    sources: Mapping[str, Source]
    parts: Mapping[str, Part]


def render_refreshed(
    rows: Mapping[str, Mapping[str, Facts]], sources: Mapping[str, Mapping[str, str]], refreshed: str
) -> bytes:
    """Write the file's content: `rows` by provider and id, each with the list of every fact under `from`."""
    bodies = {
        provider: b"".join(to_json(order_row(row)) + b"\n" for row in models.values())
        for provider, models in rows.items()
        if models
    }
    parts: dict[str, Any] = {}
    line, offset = 2, 0
    for provider, body in bodies.items():
        parts[provider] = {"line": line, "offset": offset, "size": len(body), "sha256": sha256(body).hexdigest()}
        line, offset = line + body.count(b"\n"), offset + len(body)
    head = {"format": _FORMAT, "refreshed": refreshed, "sources": sources, "parts": parts}
    return to_json(head) + b"\n" + b"".join(bodies.values())


def load_refreshed(provider: str) -> tuple[Rows, Mapping[str, Source]] | None:
    """Return a provider's refreshed rows by id, and their lists; None where there are none, or the file is refused.

    A file is refused as a whole, in one `CatalogWarning`.
    """
    path = catalog_file()
    if path in _refused:
        return None
    try:
        return read_refreshed(path, provider)
    except CorruptCatalogError as error:
        _refused.add(path)
        message = f"{error}; the packaged catalogue is used, until `core-llms catalog refresh` writes this one anew"
        warn_caller_once(message, CatalogWarning)
        return None


_refused: set[Path] = set()


def forget_refused() -> None:
    """Look anew at files that were refused: they were written again, or removed."""
    _refused.clear()


def read_refreshed(path: Path, provider: str) -> tuple[Rows, Mapping[str, Source]] | None:
    """Read a provider's rows and their lists; None where there are none. Raises `CorruptCatalogError`."""
    # One open file throughout: another process may put a newer one in its place meanwhile.
    file = _open(path)
    if file is None:
        return None
    with file:
        begin, head = _read_head(path, file)
        part = head.parts.get(provider)
        if part is None:
            return None
        file.seek(begin + part.offset)
        return _parse_part(path, part, file.read(part.size)), head.sources


def read_head(path: Path) -> Head | None:
    """Read what the first line says; None where there is no file. Raises `CorruptCatalogError`."""
    file = _open(path)
    if file is None:
        return None
    with file:
        return _read_head(path, file)[1]


def _open(path: Path) -> BinaryIO | None:
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CorruptCatalogError(f"the refreshed catalogue {path} cannot be read: {error}") from error


def _read_head(path: Path, file: BinaryIO) -> tuple[int, Head]:
    """Return where the rows begin, and the head."""
    line = file.readline()
    try:
        head = _parse_head(line)
        expected = len(line) + sum(part.size for part in head.parts.values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _corrupt(path, "line 1", str(error)) from error
    size = file.seek(0, os.SEEK_END)
    if size != expected:
        file.seek(0)
        last = sum(1 for _ in file)
        what = "it ends early" if size < expected else "it goes on too long"
        raise _corrupt(path, f"line {last}", f"{what}, {size:,} bytes of {expected:,}")
    return len(line), head


def _parse_head(line: bytes) -> Head:
    raw = from_json(line)
    if raw["format"] != _FORMAT:
        raise ValueError(f"its format is {raw['format']!r}, not {_FORMAT}")
    sources = {key: Source(each["name"], date.fromisoformat(each["date"])) for key, each in raw["sources"].items()}
    return Head(raw["refreshed"], sources, {provider: Part(**part) for provider, part in raw["parts"].items()})


def _parse_part(path: Path, part: Part, body: bytes) -> dict[str, Mapping[str, Any]]:
    rows: dict[str, Mapping[str, Any]] = {}
    for index, line in enumerate(body.removesuffix(b"\n").split(b"\n")):
        try:
            row = from_json(line)
            rows[row["id"]] = row
        except (ValueError, KeyError, TypeError) as error:
            raise _corrupt(path, f"line {part.line + index}", str(error)) from error
    if sha256(body).hexdigest() != part.sha256:
        last = part.line + body.count(b"\n") - 1
        raise _corrupt(path, f"lines {part.line} to {last}", "they are not as they were written")
    return rows


def _corrupt(path: Path, place: str, problem: str) -> CorruptCatalogError:
    return CorruptCatalogError(f"the refreshed catalogue {path} is corrupt at {place}: {problem}")
