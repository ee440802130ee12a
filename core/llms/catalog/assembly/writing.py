"""Writes the catalogue: a JSON file a provider, one row a line, so that one fact changes one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from core.llms.catalog.assembly.conflicts import Conflict
from core.llms.catalog.assembly.facts import Facts, order_row
from core.llms.catalog.assembly.lists import Catalog
from core.llms.whole_files import replace_file


def write_catalog(catalog: Catalog, folder: Path) -> None:
    """Write every provider's file, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for provider, rows in catalog.rows.items():
        replace_file(folder / f"{provider}.json", render_provider(provider, rows, catalog.sources))


def render_provider(provider: str, rows: Mapping[str, Facts], sources: Mapping[str, Any]) -> bytes:
    """Render a provider's file."""
    used = {key for row in rows.values() for key in row["from"].values()}
    head = to_json({"provider": provider, "sources": {key: sources[key] for key in sorted(used & sources.keys())}})
    lines = b",\n".join(to_json(order_row(row)) for row in rows.values())
    return head[:-1] + b',"models":[\n' + lines + b"\n]}\n"


def write_conflicts(conflicts: Iterable[Conflict], path: Path) -> None:
    """Write what the lists disagree about, a line each."""
    head = "\t".join(field.name for field in fields(Conflict))
    replace_file(path, "\n".join([head, *("\t".join(astuple(conflict)) for conflict in conflicts), ""]).encode())
