"""Schedulers in one process: what is checked when, who checks, and what happens when the database fails."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update

from core.llms.errors import ConfigurationError, StorageError
from core.llms.provider_config.health.leases import Lease
from core.llms.provider_config.health.scheduler import LEASE_NAME, HealthScheduler
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.health.tables import HealthStateRow, LeaseRow
from core.llms.provider_config.health.values import HealthCheck
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Fault, Simulator
from tests.unit.provider_config.health.conftest import MODEL, OTHERS, PARAMETERS, Health

PATIENCE_SECONDS = 60


class Seen:
    """The checks that a scheduler tells of; waits for some."""

    def __init__(self) -> None:
        self.checks: list[HealthCheck] = []
        self._more = asyncio.Condition()

    def __call__(self, check: HealthCheck) -> None:
        self.checks.append(check)
        asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        async with self._more:
            self._more.notify_all()

    async def until(self, is_enough: Callable[[list[HealthCheck]], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._more:
            await self._more.wait_for(lambda: is_enough(self.checks))

    def of(self, names: tuple[str, str]) -> list[HealthCheck]:
        return [check for check in self.checks if (check.provider_name, check.model_id) == names]


@pytest.fixture
async def several(configured: ProviderConfigService) -> ProviderConfigService:
    for names in OTHERS:
        await configured.register_provider_model(*names, PARAMETERS, verify=False)
    return configured


async def test_each_is_checked_once_in_an_interval(several: ProviderConfigService, health: Health) -> None:
    interval = 0.5
    seen = Seen()
    service = health(interval_seconds=interval, jitter_seconds=0.1)
    scheduler = HealthScheduler(service, on_check=seen)
    async with scheduler:
        await seen.until(lambda _: all(len(seen.of(names)) >= 4 for names in (MODEL, *OTHERS)))
    for names in (MODEL, *OTHERS):
        times = [check.at for check in reversed(await service.history(*names))]
        # A check is taken once an interval; what is kept is when it began, and the machine may delay one of two.
        assert times[-1] - times[0] >= (len(times) - 1) * timedelta(seconds=interval) - timedelta(seconds=interval)


async def test_first_checks_are_spread_over_the_interval(several: ProviderConfigService, health: Health) -> None:
    seen = Seen()
    async with HealthScheduler(health(interval_seconds=3000), on_check=seen):
        await seen.until(lambda checks: len(checks) == 1)
    async with several.database.reading() as session:
        due = sorted(await session.scalars(select(HealthStateRow.due_at)))
    assert len(due) == 3
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(due)]
    assert gaps[0] == pytest.approx(1000, abs=1)


async def test_of_several_schedulers_one_checks(several: ProviderConfigService, health: Health) -> None:
    seen = [Seen() for _ in range(3)]
    schedulers = [HealthScheduler(health(interval_seconds=3000), on_check=each) for each in seen]
    # The first to be due is checked by one of them; the others are due much later.
    for scheduler in schedulers:
        await scheduler.__aenter__()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not any(each.checks for each in seen):
            await asyncio.sleep(0.01)
    assert [scheduler.is_leader for scheduler in schedulers].count(True) == 1
    assert sum(len(each.checks) for each in seen) == 1
    for scheduler in schedulers:
        await scheduler.aclose()


async def test_a_clean_end_lets_another_take_over_at_once(health: Health) -> None:
    leaders: asyncio.Queue[str] = asyncio.Queue()

    def make(name: str) -> HealthScheduler:
        return HealthScheduler(
            health(), lease_seconds=3, on_leader=lambda is_leader: leaders.put_nowait(f"{name} {is_leader}")
        )

    async with asyncio.timeout(PATIENCE_SECONDS):
        async with make("second") as second:
            assert await leaders.get() == "second True"
            async with make("first"):
                await second.aclose()
                assert [await leaders.get(), await leaders.get()] == ["second False", "first True"]


async def test_one_that_lost_the_lease_keeps_and_switches_nothing(
    health: Health, configured: ProviderConfigService
) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    class Slow:
        async def verify(self, config: Any) -> None:
            from core.llms.errors import AuthenticationError

            asked.set()
            await go_on.wait()
            raise AuthenticationError("no", status=401)

    service = HealthService(configured, health().policy, verifier=Slow())
    seen = Seen()
    lost = asyncio.Event()
    scheduler = HealthScheduler(
        service, lease_seconds=3000, on_check=seen, on_leader=lambda is_leader: None if is_leader else lost.set()
    )
    async with asyncio.timeout(PATIENCE_SECONDS), scheduler:
        await asked.wait()
        async with configured.database.transaction() as session:
            await session.execute(update(LeaseRow).values(ends_at=datetime(2000, 1, 1, tzinfo=UTC)))
        taken_over = await Lease(configured.database, LEASE_NAME, 3000).acquire()
        assert taken_over is not None
        assert taken_over.term == 2
        go_on.set()
        await lost.wait()
    assert seen.checks == []
    assert await service.history(*MODEL) == []
    assert (await service.status(*MODEL)).is_active


async def test_what_is_new_is_checked_soon_and_what_a_person_switched_off_not_at_all(
    health: Health, configured: ProviderConfigService
) -> None:
    seen = Seen()
    await configured.update_provider_model(*MODEL, {"is_active": False})
    async with HealthScheduler(health(interval_seconds=0.2, jitter_seconds=0), on_check=seen):
        await configured.register_provider_model(*OTHERS[0], PARAMETERS, verify=False)
        await seen.until(lambda checks: len(checks) >= 3)
    assert {(check.provider_name, check.model_id) for check in seen.checks} == {OTHERS[0]}


async def test_it_switches_off_and_on_again_by_itself(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    seen = Seen()
    policy = {"interval_seconds": 0.1, "jitter_seconds": 0, "failures_before_deactivation": 2}
    async with HealthScheduler(health(**policy), on_check=seen):
        await seen.until(lambda checks: len(checks) >= 1)
        sim.faults.append(Fault(status=500))
        await seen.until(lambda checks: any(check.switched == "off" for check in checks))
        sim.faults.clear()
        await seen.until(lambda checks: any(check.switched == "on" for check in checks))
    assert Counter(check.switched for check in seen.checks)["off"] == 1


async def test_no_more_are_checked_at_once_than_the_policy_says(health: Health, several: ProviderConfigService) -> None:
    running = 0
    most: list[int] = []
    two_run = asyncio.Event()

    class Counting:
        async def verify(self, config: Any) -> None:
            nonlocal running
            running += 1
            most.append(running)
            if running == 2:
                two_run.set()
            await two_run.wait()
            await asyncio.sleep(0)
            running -= 1

    policy = health(interval_seconds=0.05, jitter_seconds=0, max_concurrency=2).policy
    seen = Seen()
    async with HealthScheduler(HealthService(several, policy, verifier=Counting()), on_check=seen):
        await seen.until(lambda checks: len(checks) >= 12)
    assert max(most) == 2


async def test_a_verifier_that_breaks_ends_no_other_check(
    health: Health, several: ProviderConfigService, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        async def verify(self, config: Any) -> None:
            if config.model_id == MODEL[1]:
                raise RuntimeError("a bug of one's own")

    policy = health(interval_seconds=0.1, jitter_seconds=0).policy
    seen = Seen()
    async with HealthScheduler(HealthService(several, policy, verifier=Broken()), on_check=seen):
        await seen.until(lambda checks: len(checks) >= 6)
    assert seen.of(MODEL) == []
    assert any("openai/gpt-4.1-mini failed" in record.message for record in caplog.records)


async def test_it_goes_on_when_the_database_is_back(
    health: Health, configured: ProviderConfigService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    is_down = False
    real = type(configured.database)._session

    def failing(self: Any, *, writes: bool) -> Any:
        if is_down:
            raise StorageError("the database is away")
        return real(self, writes=writes)

    monkeypatch.setattr(type(configured.database), "_session", failing)
    async with HealthScheduler(health(interval_seconds=0.1, jitter_seconds=0), lease_seconds=1, on_check=seen):
        await seen.until(lambda checks: len(checks) >= 1)
        is_down = True
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not any("health cannot be kept" in record.message for record in caplog.records):
                await asyncio.sleep(0.01)
        before = len(seen.checks)
        is_down = False
        await seen.until(lambda checks: len(checks) >= before + 2)
    assert sum(record.levelno >= logging.WARNING for record in caplog.records) == 1


def test_a_lease_of_no_time_is_refused(health: Health) -> None:
    with pytest.raises(ConfigurationError, match="lease_seconds"):
        HealthScheduler(health(), lease_seconds=0)
