"""This SDK beside aiohttp by hand and the vendors' own SDKs, in one run: `python -m tests.benchmarks`.

`--quick` takes seconds and is not exact; `--only Anthropic` measures one vendor's clients; `--json PATH` writes the
figures to a file too. Nothing here fails by the clock; a wrong answer does fail.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.benchmarks.handlers import measure_handlers_apart, render_handlers
from tests.benchmarks.measure import measure
from tests.benchmarks.micro import GOALS, measure_steps
from tests.benchmarks.peers import FIELDS, FULL, QUICK
from tests.benchmarks.processes import start_server
from tests.benchmarks.server import SERVER_CPU
from tests.benchmarks.system import can_pin
from tests.benchmarks.table import NOT_INSTALLED, render_steps, render_table
from tests.benchmarks.worker import CLIENT_CPU

_PACKAGES = ("aiohttp", "pydantic-core", "core-llms", "openai", "litellm", "anthropic", "google-genai")


def describe_environment() -> str:
    """Say what was measured on."""
    versions = []
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} {NOT_INSTALLED}")
    pinned = can_pin(SERVER_CPU) and can_pin(CLIENT_CPU)
    place = "server on CPU 0, clients on CPU 1" if pinned else "server and clients NOT pinned to CPUs of their own"
    return f"Python {platform.python_version()}, {', '.join(versions)}; {place}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and return 1 where an answer was wrong."""
    options = _read_options(arguments)
    sizes = QUICK if options.quick else FULL
    environment = describe_environment()
    print(environment)
    result: dict[str, Any] = {"environment": environment, "vendors": {}}
    wrong_answers = 0
    with start_server() as address:
        for clients in FIELDS:
            if options.only not in (None, clients.vendor):
                continue
            rows, wrong = measure(clients, address, sizes, lambda text: print(text, file=sys.stderr))
            print(f"\n{render_table(clients.vendor, rows)}", flush=True)
            for title, count in wrong.items():
                if count:
                    print(f"{title}: {count} answers were wrong", file=sys.stderr)
            wrong_answers += sum(wrong.values())
            table = {row.name: {"figures": row.figures, "ratios": _as_dicts(row.ratios)} for row in rows}
            result["vendors"][clients.vendor] = {"rows": table, "wrong_answers": wrong}
        costs = measure_handlers_apart(address, options.quick)
        print(f"\n{render_handlers(costs)}", flush=True)
        result["handlers"] = _as_dicts(costs)
    result["steps"] = measure_steps(200 if options.quick else 5000)
    print(f"\n{render_steps(result['steps'], GOALS)}")
    if options.json is not None:
        options.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    return 1 if wrong_answers else 0


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes, and not exact")
    parser.add_argument("--only", choices=[clients.vendor for clients in FIELDS], help="one vendor's clients")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the figures to this file too")
    return parser.parse_args(arguments)


def _as_dicts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {title: asdict(value) for title, value in values.items()}


if __name__ == "__main__":
    sys.exit(main())
