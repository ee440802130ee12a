"""One client in a process of its own, on a CPU of its own: `python -m tests.benchmarks.worker CLIENT ADDRESS`.

Each line of standard input is a task in JSON, each line of standard output its result. What is measured is the CPU time
of this process, not the clock on the wall.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from tests.benchmarks.payloads import HELD_EVENTS, Answer, expected_answer
from tests.benchmarks.system import peak_mib, pin_to_cpu, raise_file_limit, reset_peak, resident_mib

if TYPE_CHECKING:
    from tests.benchmarks.clients.base import Client, ClientModule

CLIENT_CPU = 1
_WARM_UP_AT_ONCE = 16


class Worker:
    """Does what it is told with one client."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def run(self, *, kind: str, count: int, at_once: int) -> dict[str, Any]:
        """Make `count` calls or streams, `at_once` of them at any time, after a few calls that do not count."""
        await self._make("plain-0", 2 * _WARM_UP_AT_ONCE, _WARM_UP_AT_ONCE)
        gc.collect()
        base, cpu, wall = resident_mib(), time.process_time(), time.perf_counter()
        reset_peak()
        wrong = await self._make(kind, count, at_once)
        return {
            "cpu_seconds": time.process_time() - cpu,
            "wall_seconds": time.perf_counter() - wall,
            "grown_mib": peak_mib() - base,
            "wrong": wrong,
        }

    async def _make(self, kind: str, count: int, at_once: int) -> int:
        form, _, number = kind.partition("-")
        operation: Callable[[str], Awaitable[Answer]] = self._client.call if form == "plain" else self._client.stream
        expected = expected_answer(HELD_EVENTS if form == "held" else int(number))
        remaining, wrong = count, 0

        async def repeat() -> None:
            nonlocal remaining, wrong
            while remaining > 0:
                remaining -= 1
                wrong += await operation(kind) != expected

        await asyncio.gather(*(repeat() for _ in range(at_once)))
        return wrong

    async def memory(self) -> dict[str, Any]:
        """Tell the memory before and after the first call."""
        imported = resident_mib()
        wrong = int(await self._client.call("plain-0") != expected_answer(0))
        return {"imported_mib": imported, "called_mib": resident_mib(), "wrong": wrong}


@asynccontextmanager
async def open_worker(name: str, address: str) -> AsyncIterator[Worker]:
    """Import a client and open it."""
    module = cast("ClientModule", import_module(f"tests.benchmarks.clients.{name}"))
    async with module.open_client(address) as client:
        yield Worker(client)


async def main(name: str, address: str) -> None:
    """Serve tasks until standard input ends."""
    async with open_worker(name, address) as worker:
        while line := sys.stdin.readline():
            task = json.loads(line)
            result = await (worker.memory() if task == "memory" else worker.run(**task))
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    pin_to_cpu(CLIENT_CPU)
    raise_file_limit()
    asyncio.run(main(*sys.argv[1:]))
