"""Processes that change the same configurations all at once, and what became of their changes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from core.llms.provider_config.errors import StaleConfigError
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.config_processes import PROVIDER, Answering, register
from tests.support.forks import MOST_SECONDS, forking, require_ended_well
from tests.support.wholeness import find_flaws

SHARED: Final = tuple(f"shared-{number}" for number in range(4))
RACE: Final = "race"
# What those change who do not say which version they read: each a field of its own.
FIELDS: Final = ("seed", "top_k", "max_new_tokens", "query_prefix")


@dataclass(frozen=True)
class Plan:
    """Each process makes `changes`, every second process on top of the version it read, and joins in all `rounds`."""

    url: str
    changes: int
    rounds: int
    processes: int = 8


@dataclass
class Outcome:
    """What processes did: changes kept of each configuration, refusals, rounds won, the last values, and times."""

    kept: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    won: int = 0
    lost: int = 0
    last: dict[tuple[str, str], int] = field(default_factory=dict)
    change_seconds: list[float] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: Outcome) -> None:
        """Count what another process did, too."""
        self.kept += other.kept
        self.refused += other.refused
        self.won += other.won
        self.lost += other.lost
        self.last |= other.last
        self.change_seconds += other.change_seconds


class Writer:
    """One process's changes. `number` says which way it makes them."""

    def __init__(self, service: ProviderConfigService, number: int) -> None:
        self._service = service
        self._number = number
        self.outcome = Outcome()

    async def change(self, value: int) -> None:
        """Change one of the shared configurations, once."""
        model = SHARED[value % len(SHARED)]
        begun = perf_counter()
        if self._number % 2:
            await self._set_field(model, value)
        else:
            while not await self.update_as_read(model, await read(self._service, model)):
                self.outcome.refused += 1
        self.outcome.kept[model] += 1
        self.outcome.change_seconds.append(perf_counter() - begun)

    async def update_as_read(self, model: str, config: ProviderModelConfigResponse) -> bool:
        """Change a configuration unless it was changed since; tell which."""
        description = f"{self._number} over {config.version}"
        try:
            await self._service.update_provider_model(
                PROVIDER, model, {"description": description}, expected_version=config.version
            )
        except StaleConfigError:
            return False
        return True

    async def _set_field(self, model: str, value: int) -> None:
        name = FIELDS[self._number // 2 % len(FIELDS)]
        changed: Mapping[str, Any] = {"parameters": {name: value + 1}}
        if name == "query_prefix":
            changed = {"prompt_template": {name: str(value + 1)}}
        await self._service.update_provider_model(PROVIDER, model, {}, **changed)
        self.outcome.last[model, name] = value + 1


async def read(service: ProviderConfigService, model: str) -> ProviderModelConfigResponse:
    """Return a configuration that is there."""
    config = await service.get_provider_model(PROVIDER, model)
    assert config is not None
    return config


def contend(together: Any, results: Any, plan: Plan, number: int) -> None:
    """Do what one process has to do, and tell what became of it."""
    results.put(asyncio.run(_contend(together, plan, number)))


async def _contend(together: Any, plan: Plan, number: int) -> Outcome:
    async with Database(plan.url) as database:
        service = ProviderConfigService(database, verifier=Answering())
        writer = Writer(service, number)
        for _ in range(plan.rounds):
            await asyncio.to_thread(together.wait, MOST_SECONDS)
            config = await read(service, RACE)
            await asyncio.to_thread(together.wait, MOST_SECONDS)
            is_kept = await writer.update_as_read(RACE, config)
            writer.outcome.won += is_kept
            writer.outcome.lost += not is_kept
        await asyncio.to_thread(together.wait, MOST_SECONDS)
        for value in range(plan.changes):
            await writer.change(value)
        return writer.outcome


async def contend_together(plan: Plan) -> Outcome:
    """Run all processes, and compare what they were told with what is stored."""
    async with Database(plan.url) as database:
        service = ProviderConfigService(database, verifier=Answering())
        before = {model: (await register(service, model)).version for model in (*SHARED, RACE)}
        total = await asyncio.to_thread(_run, plan)
        total.kept[RACE] += total.won
        for model, version in before.items():
            config = await read(service, model)
            total.flaws += _compare(config, version + total.kept[model], total.last)
        total.flaws += await find_flaws(service)
    return total


def _run(plan: Plan) -> Outcome:
    context = forking()
    together, results = context.Barrier(plan.processes), context.Queue()
    processes = [context.Process(target=contend, args=(together, results, plan, n)) for n in range(plan.processes)]
    for process in processes:
        process.start()
    total, begun = Outcome(), perf_counter()
    for _ in processes:
        total.add(results.get(timeout=MOST_SECONDS))
    total.seconds = perf_counter() - begun
    require_ended_well(processes)
    return total


def _compare(config: ProviderModelConfigResponse, version: int, last: Mapping[tuple[str, str], int]) -> list[str]:
    assert config.prompt_template is not None
    stored = {**config.parameters.model_dump(), **config.prompt_template.model_dump()}
    lost = [
        f"{config.model_id}: {name} is {stored[name]}, not {value}"
        for (model, name), value in last.items()
        if model == config.model_id and str(stored[name]) != str(value)
    ]
    return lost if config.version == version else [*lost, f"{config.model_id} is at {config.version}, not {version}"]
