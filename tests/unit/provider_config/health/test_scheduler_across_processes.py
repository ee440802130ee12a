"""Three processes run schedulers over one database; the one that checks is killed, and another takes over."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest

from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.health.values import HealthCheck
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.clocks import stopwatch
from tests.unit.provider_config.health.conftest import MODEL, OTHERS, PARAMETERS

pytestmark = pytest.mark.proof

INTERVAL_SECONDS: Final = 1.0
JITTER_SECONDS: Final = 0.1
LEASE_SECONDS: Final = 3.0
PATIENCE_SECONDS: Final = 100
ALL: Final = (MODEL, *OTHERS)

_WORKER = """
import asyncio, json, sys
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.scheduler import HealthScheduler
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

url, interval, jitter, lease = sys.argv[1], *map(float, sys.argv[2:])

def tell(**facts):
    print(json.dumps(facts), flush=True)

async def main():
    async with Database(url) as database:
        policy = HealthPolicy(interval_seconds=interval, jitter_seconds=jitter)
        health = HealthService(ProviderConfigService(database), policy)
        await HealthScheduler(
            health,
            lease_seconds=lease,
            on_check=lambda check: tell(event="check", provider=check.provider_name, model=check.model_id),
            on_leader=lambda is_leader: tell(event="leader", is_leader=is_leader),
        ).run()

try:
    asyncio.run(main())
except KeyboardInterrupt:
    tell(event="end")
"""


class Worker:
    """A process of its own that runs a scheduler, and what it has told so far."""

    def __init__(self, process: asyncio.subprocess.Process, news: asyncio.Event) -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []
        self._news = news
        self._reading = asyncio.create_task(self._read())

    @property
    def is_leader(self) -> bool:
        told = [event["is_leader"] for event in self.events if event["event"] == "leader"]
        return bool(told) and told[-1]

    def checks(self, names: tuple[str, str]) -> int:
        """How often it has checked a configuration."""
        wanted = {"event": "check", "provider": names[0], "model": names[1]}
        return self.events.count(wanted)

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.events.append(json.loads(line))
            self._news.set()

    async def end(self, how: signal.Signals) -> int:
        if self.process.returncode is None:
            self.process.send_signal(how)
        code = await self.process.wait()
        await self._reading
        return code


@asynccontextmanager
async def worker(url: str, news: asyncio.Event) -> AsyncIterator[Worker]:
    figures = map(str, (INTERVAL_SECONDS, JITTER_SECONDS, LEASE_SECONDS))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, url, *figures, stdout=asyncio.subprocess.PIPE, env=dict(os.environ)
    )
    started = Worker(process, news)
    try:
        yield started
    finally:
        await started.end(signal.SIGKILL)


async def until(is_so: Any, news: asyncio.Event) -> None:
    while not is_so():
        news.clear()
        await news.wait()


async def read_checks(service: ProviderConfigService) -> dict[tuple[str, str], list[HealthCheck]]:
    found: dict[tuple[str, str], list[HealthCheck]] = defaultdict(list)
    health = HealthService(service)
    for names in ALL:
        found[names] = list(reversed(await health.history(*names, limit=1000)))
    return found


async def test_each_is_checked_once_in_an_interval_by_one_of_them_though_that_is_killed(
    configured: ProviderConfigService, database: Database, database_url: str
) -> None:
    for names in OTHERS:
        await configured.register_provider_model(*names, PARAMETERS, verify=False)
    news = asyncio.Event()
    begun = datetime.now(UTC)
    async with asyncio.timeout(PATIENCE_SECONDS), AsyncExitStack() as stack, stopwatch() as watch:
        workers = [await stack.enter_async_context(worker(database_url, news)) for _ in range(3)]
        await until(lambda: any(all(each.checks(names) >= 2 for names in ALL) for each in workers), news)
        (leader,) = [each for each in workers if each.is_leader]
        assert await leader.end(signal.SIGKILL) == -signal.SIGKILL
        others = [each for each in workers if each is not leader]
        assert [each.events for each in others] == [[], []]

        await until(lambda: any(all(each.checks(names) >= 2 for names in ALL) for each in others), news)
        (second,) = [each for each in others if each.is_leader]
        (third,) = [each for each in others if each is not second]
        assert third.events == []

        # What ends cleanly gives the lease up: the last one need not wait for its end.
        assert await second.end(signal.SIGINT) == 0
        assert second.events[-2:] == [{"event": "leader", "is_leader": False}, {"event": "end"}]
        await until(lambda: all(third.checks(names) for names in ALL), news)
    checks = await read_checks(configured)
    intervals = (datetime.now(UTC) - begun) / timedelta(seconds=INTERVAL_SECONDS)
    # What a scheduler does not come to because of the machine, it does later.
    allowed = LEASE_SECONDS + INTERVAL_SECONDS + JITTER_SECONDS + 1.0 + 2 * (watch.seconds - watch.own_seconds)
    for names in ALL:
        told = sum(each.checks(names) for each in workers)
        # The one that was killed may have kept one that it did not come to tell of.
        assert told <= len(checks[names]) <= min(told + 1, intervals + 1)
        gaps = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(checks[names])]
        assert max(gaps) <= allowed
