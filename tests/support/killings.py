"""Processes that register models all at once, one of which is killed again and again, at a random moment."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.config_processes import PROVIDER, Answering, register, register_for_ever
from tests.support.forks import MOST_SECONDS, forking
from tests.support.wholeness import find_flaws

LONGEST_LIFE_SECONDS = 0.3


@dataclass(frozen=True)
class Killed:
    """What came of it: models registered, those that were pending, how long the next change took, and flaws."""

    registered: int
    pending: int
    seconds_until_changed: list[float]
    flaws: list[str]


async def kill_at_random(url: str, *, processes: int, kills: int, moments: random.Random) -> Killed:
    """Kill one of `processes` after the other, and change something right after each; then register what is pending."""
    numbers = iter(range(kills + processes))
    living = [await _begin(url, next(numbers)) for _ in range(processes)]
    waits = []
    async with Database(url) as database:
        service = ProviderConfigService(database, verifier=Answering())
        await register(service, "ours")
        for number in range(kills):
            victim = living.pop(0)
            await asyncio.sleep(moments.uniform(0, LONGEST_LIFE_SECONDS))
            victim.kill()
            killed = perf_counter()
            await service.update_provider_model(PROVIDER, "ours", {"description": f"after {number}"})
            waits.append(perf_counter() - killed)
            await asyncio.to_thread(victim.join, MOST_SECONDS)
            living.append(await _begin(url, next(numbers)))
        for process in living:
            process.kill()
            await asyncio.to_thread(process.join, MOST_SECONDS)
        return await _judge(service, waits)


async def _begin(url: str, number: int) -> Any:
    context = forking()
    begun = context.Event()
    process = context.Process(target=register_for_ever, args=(url, f"p{number}", begun))
    process.start()
    if not await asyncio.to_thread(begun.wait, MOST_SECONDS):
        raise RuntimeError(f"process {number} did not begin")
    return process


async def _judge(service: ProviderConfigService, waits: list[float]) -> Killed:
    flaws = await find_flaws(service)
    configs = (await service.list_providers()).providers
    pending = [config.model_id for config in configs if config.verification_status == "pending"]
    again = [await register(service, model) for model in pending]
    flaws += [f"{config.model_id} is not on" for config in again if not (config.is_active and config.is_verified)]
    return Killed(len(configs), len(pending), waits, [*flaws, *await find_flaws(service)])
