"""The faults of the matrix against this SDK, the openai SDK and litellm: `python -m tests.faults.compare`.

Every library makes the same calls, each in a fork that is killed after three times the time that the caller gave. All
are told one number of seconds, and no retries except where the fault is about them. `judging` says what is right.

litellm pins versions that may not fit beside the development dependencies, so it is installed by pip into a virtual
environment of its own below a temporary folder; `--litellm-python PATH` names an interpreter that has it already.
`--write` puts the table into docs/reliability.md; `--only 15` runs one fault. It takes about five minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.compare.judging import RIGHT, Seen, judge
from tests.faults.compare.table import Run, render
from tests.faults.harness import sender
from tests.faults.matrix.fault import Fault, Long, whole
from tests.faults.matrix.http import compressed_bomb
from tests.faults.matrix.places import AUTHORITY
from tests.faults.matrix.table import FAULTS, MATRIX
from tests.support.marked_pages import write_marked
from tests.support.raw_server import Exchange, raw_server

ROOT = Path(__file__).parents[3]
LIBRARIES = ("core-llms", "openai", "litellm")
TIMEOUT_SECONDS = 2.0
HUGE_SECONDS = 15.0
# Right answers of streams that this SDK refuses, to a library that takes what is odd in them.
ANSWERS = {40: "Halfmore", 41: "Halfmore", 47: "50000000 characters"}


@dataclass
class Library:
    """A library in its process."""

    name: str
    process: asyncio.subprocess.Process
    healthy_url: str
    version: str = ""
    runs: list[Run] = field(default_factory=list)

    async def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self.name} ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def do(self, task: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(task).encode() + b"\n")
        return await self.read()


async def start(name: str, python: str, authorities: Path, healthy_url: str) -> Library:
    """Start a library's process and wait until it is imported."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SSL_CERT_FILE": str(authorities)}
    environment |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "PYTHONWARNINGS": "ignore"}
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        python, "-m", "tests.faults.compare.worker", name, healthy_url, stdin=pipe, stdout=pipe, cwd=ROOT,
        env=environment, limit=2**20, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    library = Library(name, process, healthy_url)
    library.version = (await library.read())["version"]
    return library


def chosen(number: int, streamed: bool) -> Fault | None:
    """The first fault of a number that makes sense for calls, or for streams, on the wire that all libraries speak."""
    for fault in FAULTS:
        if (
            fault.number == number
            and fault.wire == "chat"
            and (fault.streamed if streamed else fault.whole) is not None
        ):
            return replace(fault, serve=compressed_bomb) if number == 37 else fault
    return None


def answer_of(fault: Fault, streamed: bool) -> str:
    """The text of the right answer, where there may be one."""
    if streamed and fault.number in ANSWERS:
        return ANSWERS[fault.number]
    ending = fault.streamed if streamed else fault.whole
    first = ending[0] if isinstance(ending, tuple) else ending
    if isinstance(first, Long):
        return f"{first.characters} characters"
    return first if isinstance(first, str) else "Hello"


async def run(library: Library, number: int, streamed: bool) -> None:
    """Let a library meet a fault, and judge how it ended."""
    fault = chosen(number, streamed)
    if fault is None:
        return
    begun: list[float] = []
    seconds = HUGE_SECONDS if number in (37, 47) else max(TIMEOUT_SECONDS, fault.timeout_seconds or 0)

    async def handle(exchange: Exchange) -> None:
        begun.append(asyncio.get_running_loop().time())
        await fault.serve(exchange, sender(exchange, None))

    async with fault.place(handle) as spot:
        task = {
            "url": spot.url, "streamed": streamed, "calls": fault.calls, "prompt": fault.prompt,
            "timeout_seconds": seconds, "limit_seconds": 3 * seconds, "resolver": spot.resolver,
            "environment": {**spot.environment, "NO_PROXY": "127.0.0.1"} if spot.environment else {},
            "healthy_url": library.healthy_url, "retries": number == 16 or 19 <= number <= 26,
        }  # fmt: skip
        ending = await library.do(task)
        if "cold" in ending:
            raise RuntimeError(f"{library.name} did not answer a healthy server's call")
        elsewhere = spot.elsewhere is not None and spot.elsewhere.connections > 0
    waited = begun[1] - begun[0] if len(begun) > 1 else 0.0
    seen = Seen(ending, answer_of(fault, streamed), len(begun), waited, elsewhere, seconds)
    library.runs.append(Run(number, streamed, judge(RIGHT[number], seen)))
    print(f"{library.name}: {number} {fault.name}, {'streamed' if streamed else 'whole'}: {library.runs[-1].verdict}")


async def run_all(library: Library, numbers: Sequence[int]) -> None:
    for number in numbers:
        for streamed in (False, True):
            await run(library, number, streamed)
    library.process.terminate()
    await library.process.wait()


async def answer_well(exchange: Exchange) -> None:
    await whole(exchange, exchange.send)


async def compare(numbers: Sequence[int], litellm_python: str, folder: Path) -> list[Library]:
    """Run the faults against all libraries, which take no turns: each has servers of its own."""
    authorities = folder / "authorities.pem"
    AUTHORITY.cert_pem.write_to_path(str(authorities))
    async with raw_server(answer_well) as healthy:
        libraries = [
            await start(name, litellm_python if name == "litellm" else sys.executable, authorities, healthy.url)
            for name in LIBRARIES
        ]
        async with asyncio.TaskGroup() as group:
            for library in libraries:
                group.create_task(run_all(library, numbers))
    return libraries


def install_litellm(folder: Path) -> str:
    """Make a virtual environment with litellm; returns its interpreter. Raises `CalledProcessError`."""
    python = str(folder / "litellm" / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "litellm")], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "litellm>=1.109"], check=True)
    return python


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare and print; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.compare", description=__doc__)
    parser.add_argument("--only", type=int, choices=sorted(MATRIX), metavar="NUMBER", help="one fault")
    parser.add_argument("--litellm-python", metavar="PATH", help="an interpreter that has litellm")
    parser.add_argument("--write", action="store_true", help="write the table into docs/reliability.md")
    options = parser.parse_args(arguments)
    numbers = sorted(MATRIX) if options.only is None else [options.only]
    with tempfile.TemporaryDirectory() as name:
        python = options.litellm_python or install_litellm(Path(name))
        libraries = asyncio.run(compare(numbers, python, Path(name)))
    versions = ", ".join(f"{one.name} {one.version}" for one in libraries)
    table = f"Measured on {datetime.now(UTC):%Y-%m-%d}: {versions}.\n\n"
    table += render({one.name: one.runs for one in libraries}, numbers)
    print(table)
    if options.write:
        write_marked(ROOT / "docs" / "reliability.md", "faults", table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
