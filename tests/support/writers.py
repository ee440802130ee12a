"""What other processes write during a test. It imports little, so that they start soon."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from core.llms.registry.models import LLMProfile
from core.llms.registry.stores import FileProfileStore, ProfileStore


@asynccontextmanager
async def opened(place: str) -> AsyncIterator[ProfileStore]:
    """The store at a file's name or at a database's URL, with its tables."""
    if "://" not in place:
        yield FileProfileStore(place)
        return
    from core.llms.storage.database import Database
    from core.llms.storage.profile_store import DatabaseProfileStore

    async with Database(place, upgrade=True) as database:
        yield DatabaseProfileStore(database)


def run_processes(target: Callable[..., None], arguments: list[tuple[Any, ...]]) -> list[int | None]:
    """Run a function in processes of their own, all at once, and return their exit codes."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(len(arguments))
    processes = [context.Process(target=target, args=(start, *each)) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join(100)
    return [process.exitcode for process in processes]


def save_some(start: Any, place: str, provider: str) -> None:
    """Save eight times, each time a model that nobody else has and one that all have."""
    start.wait(90)
    asyncio.run(_save_some(place, provider))


async def _save_some(place: str, provider: str) -> None:
    async with opened(place) as store:
        for number in range(8):
            own = LLMProfile(provider=provider, model_id=f"m{number}")
            await store.save([own, LLMProfile(provider="shared", model_id=f"m{number}")])


def save_until_killed(place: str, count: int, fraction: float) -> None:
    """Save models twice, then others of the same names, and die without a word when a part of that should be done."""
    asyncio.run(_save_until_killed(place, count, fraction))


async def _save_until_killed(place: str, count: int, fraction: float) -> None:
    old, new = (
        [LLMProfile(provider="x", model_id=str(number), description=age) for number in range(count)]
        for age in ("old", "new")
    )
    async with opened(place) as store:
        await store.save(old)
        begun = time.perf_counter()
        await store.save(old)
        # Nobody handles this signal: the system ends the process at once.
        signal.setitimer(signal.ITIMER_REAL, (time.perf_counter() - begun) * fraction)
        await store.save(new)
        signal.pause()
