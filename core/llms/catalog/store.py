"""Reads the catalogue: a provider's rows, from its file, when they are first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic_core import from_json

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
def load_provider(provider: str, folder: Path = DATA) -> ProviderRows:
    """Read a provider's rows; a provider that has no file has none. Raises ValueError for a file that is corrupt."""
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
    aliases = {alias: id for id, row in rows.items() for alias in row.get("aliases", ())}
    return ProviderRows(MappingProxyType(rows), MappingProxyType(aliases), MappingProxyType(sources))


def list_catalogued() -> list[str]:
    """Return the providers that the catalogue has rows of."""
    return sorted(path.stem for path in DATA.glob("*.json"))


def _source(raw: Mapping[str, str]) -> Source:
    return Source(raw["name"], date.fromisoformat(raw["date"]))
