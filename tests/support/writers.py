"""What other processes write during a test. It imports little, so that they start soon."""

from __future__ import annotations

import asyncio
import multiprocessing
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


def save_for_ever(place: str, count: int) -> None:
    """Save the same models again and again, each time of another generation, which is printed before."""
    asyncio.run(_save_for_ever(place, count))


async def _save_for_ever(place: str, count: int) -> None:
    generation = 0
    async with opened(place) as store:
        while True:
            models = [LLMProfile(provider="x", model_id=str(n), description=str(generation)) for n in range(count)]
            print(generation, flush=True)
            await store.save(models)
            generation += 1
