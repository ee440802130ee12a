"""Writes the catalogue: a JSON file a provider, one row a line, so that one fact changes one line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from core.llms.catalog.assembly.conflicts import Conflict
from core.llms.catalog.assembly.facts import ABILITY, FIELDS, Facts
from core.llms.catalog.assembly.lists import Catalog


def write_catalog(catalog: Catalog, folder: Path) -> None:
    """Write every provider's file, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for provider, rows in catalog.rows.items():
        write_atomically(folder / f"{provider}.json", render_provider(provider, rows, catalog.sources))


def render_provider(provider: str, rows: Mapping[str, Facts], sources: Mapping[str, Any]) -> bytes:
    """Render a provider's file."""
    used = {key for row in rows.values() for key in row["from"].values()}
    head = to_json({"provider": provider, "sources": {key: sources[key] for key in sorted(used & sources.keys())}})
    lines = b",\n".join(to_json(_ordered(row)) for row in rows.values())
    return head[:-1] + b',"models":[\n' + lines + b"\n]}\n"


def _ordered(row: Facts) -> Facts:
    """Put the fields in their order, abilities together, and turn `from` round: the fields that each list gave."""
    can = {name.removeprefix(ABILITY): value for name, value in sorted(row.items()) if name.startswith(ABILITY)}
    given: dict[str, list[str]] = {}
    for field, key in sorted(row["from"].items(), key=lambda item: (item[1], item[0])):
        given.setdefault(key, []).append(field)
    facts = row | ({"can": can} if can else {}) | {"from": given}
    return {field: facts[field] for field in (*FIELDS, "from") if field in facts}


def write_conflicts(conflicts: Iterable[Conflict], path: Path) -> None:
    """Write what the lists disagree about, a line each."""
    head = "\t".join(field.name for field in fields(Conflict))
    write_atomically(path, "\n".join([head, *("\t".join(astuple(conflict)) for conflict in conflicts), ""]).encode())


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, whole."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)
