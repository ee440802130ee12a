"""What holds over many calls: figures beside their promises. `python -m tests.soak`, a few minutes.

`--share 0.1` takes a tenth of the calls; `--only leaks` measures one; `--write` puts the table into
docs/reliability.md. Each module of `FIGURES` runs in a process of its own. Returns 1 where a promise was broken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from tests.soak.figure import Figure, render_table
from tests.support.marked_pages import write_marked

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
FIGURES = (
    "amplification",
    "recovery",
    "truncation",
    "leaks",
    "secrets",
    "limits",
    "budgets",
    "kills",
    "contention",
    "visibility",
    "rotation",
)
MOST_SECONDS = 900


def measure(name: str, share: float) -> list[Figure]:
    """Run one module in this process."""
    figures: list[Figure] = asyncio.run(import_module(f"tests.soak.{name}").measure(share))
    return figures


def measure_apart(name: str, share: float) -> list[Figure]:
    """Run one module in a process of its own; one that fails or does not end is a promise that was not held."""
    command = [sys.executable, "-m", "tests.soak", "--only", name, "--share", str(share), "--json"]
    try:
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=MOST_SECONDS, check=True)
    except subprocess.TimeoutExpired:
        return [Figure(name, "an end", f"none within {MOST_SECONDS} s", False)]
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)
        return [Figure(name, "an end", f"an error, status {error.returncode}", False)]
    return [Figure(**one) for one in json.loads(ended.stdout.splitlines()[-1])]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="how much of the full size, 1 by default")
    parser.add_argument("--only", choices=FIGURES, help="measure one")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--json", action="store_true", help="print figures as JSON, measured in this process")
    options = parser.parse_args(arguments)
    names = FIGURES if options.only is None else (options.only,)
    run = measure if options.json else measure_apart
    figures = [figure for name in names for figure in run(name, options.share)]
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures]))
        return 0
    table = render_table(figures)
    print(table)
    if options.write:
        place = f"Python {platform.python_version()}, aiohttp {version('aiohttp')}, {platform.system()}"
        write_marked(PAGE, "soak", f"Measured on {datetime.now(UTC):%Y-%m-%d}: {place}.\n\n{table}")
    return 0 if all(figure.held for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
