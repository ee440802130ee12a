"""Builds the data of the package from lists in files: `python -m core.llms.catalog.assembly --help`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from core.llms.catalog.assembly.lists import ListFile, build_catalog
from core.llms.catalog.assembly.merge import GENAI_PRICES, LITELLM, MODELS_DEV, PI_AI
from core.llms.catalog.assembly.writing import write_catalog, write_conflicts

_DATA = Path(__file__).parents[1] / "data"


def main(arguments: list[str] | None = None) -> int:
    """Build, write, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m core.llms.catalog.assembly", description=__doc__)
    for option, key in (
        ("genai-prices", GENAI_PRICES),
        ("litellm", LITELLM),
        ("models-dev", MODELS_DEV),
        ("pi-ai", PI_AI),
    ):
        parser.add_argument(
            f"--{option}", nargs=3, required=True, metavar=("FILE", "VERSION", "DATE"), dest=key,
            help=f"{option}'s list, its version and its date",
        )  # fmt: skip
    parser.add_argument("--out", type=Path, default=_DATA, help="the folder to write to")
    parser.add_argument(
        "--conflicts", type=Path, help="a file for what the lists disagree about, as tab-separated text"
    )
    options = parser.parse_args(arguments)
    files = {
        key: ListFile(Path(path), version, date)
        for key in (GENAI_PRICES, LITELLM, MODELS_DEV, PI_AI)
        for path, version, date in [getattr(options, key)]
    }
    catalog = build_catalog(files)
    write_catalog(catalog, options.out)
    for provider, rows in catalog.rows.items():
        priced = sum("prices" in row for row in rows.values())
        print(f"{provider:12} {len(rows):5} models, {priced:5} with prices")
    counts = Counter(conflict.field for conflict in catalog.conflicts)
    print(
        f"{len(catalog.conflicts)} conflicts: " + ", ".join(f"{field} {count}" for field, count in counts.most_common())
    )
    if options.conflicts is not None:
        write_conflicts(catalog.conflicts, options.conflicts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
