"""Streams that are cancelled at any moment: what is left of them, in sockets, tasks, reservations and memory."""

from __future__ import annotations

import asyncio
import gc
from decimal import Decimal
from pathlib import Path

from core.llms import NO_RETRY, LLMContext
from core.llms.providers.openai import create_openai_llm
from tests.soak.figure import Figure
from tests.support.cancelling import cancel_somewhere, paced
from tests.support.raw_server import raw_server
from tests.support.settling import connections_gone, foreign_tasks

STREAMS = 100_000
AT_ONCE = 100
ROUNDS = 10
# Caches that fill, and the allocator's own ways; a hundred bytes kept of each stream would be 8 MiB.
MOST_MEBIBYTES = 4.0
_PAGE_BYTES = 4096


def resident_mebibytes() -> float:
    """The memory of this process, where Linux tells it."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * _PAGE_BYTES / 2**20 if statm.exists() else 0.0


def open_files() -> int:
    """The open files and sockets of this process, where Linux tells them."""
    files = Path("/proc/self/fd")
    return len(list(files.iterdir())) if files.exists() else 0


async def measure(share: float) -> list[Figure]:
    """Cancel streams in rounds, and compare what is there after the first round and after the last."""
    streams = int(STREAMS * share) // ROUNDS * ROUNDS
    tasks_before, files_before = asyncio.all_tasks(), open_files()
    ctx = LLMContext(budget_usd="100000")
    assert ctx.budget is not None
    places = asyncio.Semaphore(AT_ONCE)
    memory: list[float] = []
    async with (
        raw_server(paced) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url, retry=NO_RETRY) as llm,
    ):

        async def one(seed: int) -> None:
            async with places:
                await cancel_somewhere(llm, ctx, seed)

        for begin in range(0, streams, streams // ROUNDS):
            await asyncio.gather(*(one(seed) for seed in range(begin, begin + streams // ROUNDS)))
            await connections_gone(server, seconds=30)
            server.exchanges.clear()
            gc.collect()
            memory.append(resident_mebibytes())
    await asyncio.sleep(0)
    tasks, files, reserved = len(foreign_tasks(tasks_before)), open_files() - files_before, ctx.budget.reserved
    grown = memory[-1] - memory[0]
    measured = (
        f"{server.open_connections} connections, {files} files, {tasks} tasks, ${reserved.normalize()} reserved, "
        f"{max(0.0, grown):.1f} MiB more after {streams:,} streams than after {streams // ROUNDS:,}"
    )
    nothing_left = server.open_connections == files == tasks == 0 and reserved == Decimal(0)
    complete = ctx.ledger.attempt_count == ctx.ledger.call_count == streams
    promise = f"0 sockets, tasks and reservations; memory within {MOST_MEBIBYTES:.0f} MiB"
    held = nothing_left and complete and grown <= MOST_MEBIBYTES
    return [Figure("Leaks of cancelled streams", promise, measured, held)]
