"""How long after a change is kept by one process another process sees it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from time import monotonic
from typing import Any

from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.errors import ConfigInactiveError
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.clocks import stopwatch
from tests.support.config_processes import PROVIDER, Answering, register
from tests.support.forks import MOST_SECONDS, forking

MODEL = "watched"
_CALL_EVERY_SECONDS = 0.002
_CALLS_AFTERWARDS = 100


def change_often(url: str, seen: Any, kept: Any, count: int) -> None:
    """Change a configuration each time that the last change was seen, tell when it was kept, and switch it off."""
    asyncio.run(_change_often(url, seen, kept, count))


async def _change_often(url: str, seen: Any, kept: Any, count: int) -> None:
    async with Database(url) as database:
        service = ProviderConfigService(database)
        for number in range(count + 1):
            await asyncio.to_thread(seen.acquire, True, MOST_SECONDS)
            fields = {"description": str(number)} if number < count else {"is_active": False}
            await service.update_provider_model(PROVIDER, MODEL, fields)
            kept.put(monotonic())


async def watch(url: str, count: int, *, listens: bool) -> list[tuple[float, float]]:
    """Return each change's delay and the machine's own lag meanwhile, in seconds; the last change switches off.

    Raises RuntimeError where a call succeeds after that.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(url))
        service = ProviderConfigService(database, verifier=Answering())
        await register(service, MODEL)
        aliases = ConfigAliases(service)
        if listens:
            await stack.enter_async_context(aliases)
        context = forking()
        seen, kept = context.Semaphore(0), context.Queue()
        process = context.Process(target=change_often, args=(url, seen, kept, count))
        process.start()
        delays = []
        for number in range(count + 1):
            async with stopwatch() as watched:
                seen.release()
                while await _look(aliases) != (str(number) if number < count else None):
                    await asyncio.sleep(_CALL_EVERY_SECONDS)
                found = monotonic()
            delay = max(0.0, found - await asyncio.to_thread(kept.get, True, MOST_SECONDS))
            delays.append((delay, watched.seconds - watched.own_seconds))
        if [await _look(aliases) for _ in range(_CALLS_AFTERWARDS)] != [None] * _CALLS_AFTERWARDS:
            raise RuntimeError("what was switched off was used again")
        await asyncio.to_thread(process.join, MOST_SECONDS)
        return delays


async def _look(aliases: ConfigAliases) -> str | None:
    """Return the description that a call would go by, None where it is refused."""
    try:
        found = await aliases.find_config(f"{PROVIDER}/{MODEL}")
    except ConfigInactiveError:
        return None
    assert found is not None
    return found.DEFINITION.description or ""  # type: ignore[attr-defined]
