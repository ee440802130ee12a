"""This SDK beside aiohttp by hand, the openai SDK and litellm, in one run: `python -m tests.benchmarks`.

`--quick` takes seconds and is not exact; `--json PATH` writes the figures to a file too. Nothing here fails by the
clock; a wrong answer does fail.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.measure import measure
from tests.benchmarks.micro import measure_steps
from tests.benchmarks.peers import FULL, PEERS, QUICK, installed_peers
from tests.benchmarks.server import SERVER_CPU
from tests.benchmarks.system import can_pin
from tests.benchmarks.table import render_table
from tests.benchmarks.worker import CLIENT_CPU

_PACKAGES = ("aiohttp", "pydantic-core", "core-llms", "openai", "litellm")


def describe_environment() -> str:
    """Say what was measured on."""
    versions = []
    for package in _PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} is not installed")
    pinned = can_pin(SERVER_CPU) and can_pin(CLIENT_CPU)
    place = "server on CPU 0, clients on CPU 1" if pinned else "server and clients NOT pinned to CPUs of their own"
    return f"Python {platform.python_version()}, {', '.join(versions)}; {place}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 where an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes, and not exact")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the figures to this file too")
    options = parser.parse_args(arguments)
    peers = installed_peers()
    for peer in PEERS:
        if peer not in peers:
            print(f"{peer.title} is not installed, and left out", file=sys.stderr)
    rows, wrong = measure(peers, QUICK if options.quick else FULL, lambda text: print(text, file=sys.stderr))
    steps = measure_steps(200 if options.quick else 5000)
    environment = describe_environment()
    print(f"{environment}\n\n{render_table(rows, steps)}")
    if options.json is not None:
        table = {row.name: {"figures": dict(row.figures), "ratios": row.ratios} for row in rows}
        result = {"environment": environment, "rows": table, "steps": steps, "wrong_answers": wrong}
        options.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    for title, count in wrong.items():
        if count:
            print(f"{title}: {count} answers were wrong", file=sys.stderr)
    return 1 if any(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
