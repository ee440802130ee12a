"""Builds the catalogue of the package, from lists in files and the rooms: run it with `--help`.

For who maintains the package.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from core.llms.catalog.assembly.facts import Facts
from core.llms.catalog.assembly.lists import Catalog, ListFile, build_catalog
from core.llms.catalog.assembly.merge import GENAI_PRICES, LITELLM, MODELS_DEV, PI_AI
from core.llms.catalog.assembly.writing import write_catalog, write_conflicts
from core.llms.catalog.rendering import render_facts
from core.llms.catalog.store import DATA
from core.llms.cli.model_facts import models_of
from core.llms.create import list_providers
from core.llms.providers.base.metadata import BaseMetadata

_OPTIONS: Final = {GENAI_PRICES: "genai-prices", LITELLM: "litellm", MODELS_DEV: "models-dev", PI_AI: "pi-ai"}


def read_rooms() -> dict[str, dict[str, Facts]]:
    """Return the facts of every room by provider and id, with the sources that each names."""
    return {provider: {model.MODEL_ID: _facts(model) for model in models_of(provider)} for provider in list_providers()}


def _facts(model: type[BaseMetadata]) -> Facts:
    sources = [{"name": source.name, "date": source.read_on.isoformat()} for source in model.SOURCES]
    return render_facts(model) | {"sources": sources}


def main(arguments: list[str] | None = None) -> int:
    """Build, write, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m core.llms.cli.catalog_build", description=__doc__)
    for key, option in _OPTIONS.items():
        help = f"{option}'s list, its version and its date"
        form = ("FILE", "VERSION", "DATE")
        parser.add_argument(f"--{option}", nargs=3, required=True, metavar=form, dest=key, help=help)
    parser.add_argument("--out", type=Path, default=DATA, help="the folder to write to")
    parser.add_argument("--conflicts", type=Path, help="a file for what the lists disagree about: tab-separated text")
    options = vars(parser.parse_args(arguments))
    files = {key: ListFile(Path(options[key][0]), *options[key][1:]) for key in _OPTIONS}
    catalog = build_catalog(files, read_rooms())
    write_catalog(catalog, options["out"])
    _report(catalog)
    if options["conflicts"] is not None:
        write_conflicts(catalog.conflicts, options["conflicts"])
    return 0


def _report(catalog: Catalog) -> None:
    for provider, rows in catalog.rows.items():
        priced = sum("prices" in row for row in rows.values())
        print(f"{provider:12} {len(rows):5} models, {priced:5} with prices")
    counts = Counter(conflict.field for conflict in catalog.conflicts)
    print(
        f"{len(catalog.conflicts)} conflicts:", ", ".join(f"{field} {count}" for field, count in counts.most_common())
    )


if __name__ == "__main__":
    sys.exit(main())
