"""`HealthScheduler`: checks every configuration by the clock, in one of the processes that run it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Self, TypeAlias

from core.llms.errors import ConfigurationError, StorageError
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.health.leases import Lease, LeaseLostError, Tenure
from core.llms.provider_config.health.schedule import Names, Schedule
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.health.switching import HEALTH
from core.llms.provider_config.health.values import HealthCheck
from core.llms.runtime.closing import AsyncClosing

_LOG = logging.getLogger("core.llms.health")
_LONGEST_PAUSE_SECONDS: Final = 1.0
LEASE_NAME: Final = "health"

CheckObserver: TypeAlias = Callable[[HealthCheck], None]
LeaderObserver: TypeAlias = Callable[[bool], None]


class HealthScheduler(AsyncClosing):
    """Checks, in one process at a time; every process may run one. Use it as `async with`, or await `run()`.

    Who checks has a lease of `lease_seconds`, which it holds for longer all the time. When it ends cleanly another
    takes over within a third of that, when it is killed once the lease has ended. One that was stopped meanwhile and
    goes on later writes nothing. `on_check` is told of every check of this process, `on_leader` when it begins to be
    the one that checks, and when it is no more.
    """

    def __init__(
        self,
        health: HealthService,
        *,
        lease_seconds: float = 15.0,
        on_check: CheckObserver | None = None,
        on_leader: LeaderObserver | None = None,
    ) -> None:
        """Raises `ConfigurationError` for a lease of no time."""
        if not 0 < lease_seconds < float("inf"):
            raise ConfigurationError("`lease_seconds` must be more than 0 seconds, and finite")
        self._health = health
        self._policy = health.policy
        self._lease = Lease(health.configs.database, LEASE_NAME, lease_seconds)
        self._schedule = Schedule(health.configs.database, health.policy)
        self._on_check = on_check
        self._on_leader = on_leader
        self._task: asyncio.Task[None] | None = None
        self._is_failing = False
        self.is_leader: bool = False

    async def run(self) -> None:
        """Check for as long as it is not cancelled; while the database is down it waits, with one log line."""
        while True:
            tenure = await self._stand()
            if tenure is not None:
                await self._lead(tenure)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.run())
        self._task.add_done_callback(_tell_of_end)
        return self

    async def aclose(self) -> None:
        """End it, checks that are under way included, and give the lease up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _stand(self) -> Tenure | None:
        """Try to become the one that checks; where another is, or the database fails, wait until it may be over."""
        pause = self._lease.seconds / 3
        try:
            tenure = await self._lease.acquire()
            if tenure is not None:
                return tenure
            pause = min(pause, await self._lease.remaining_seconds())
            self._is_failing = False
        except StorageError as error:
            self._warn(error)
        await asyncio.sleep(pause)
        return None

    async def _lead(self, tenure: Tenure) -> None:
        self._note_leader(True)
        tasks = [asyncio.create_task(self._hold(tenure)), asyncio.create_task(self._check_due(tenure))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            self._note_leader(False)
            await self._release(tenure)
        for error in ended:
            if isinstance(error, Exception) and not isinstance(error, LeaseLostError):
                raise error

    def _note_leader(self, is_leader: bool) -> None:
        self.is_leader = is_leader
        _LOG.info("%s %s", self._lease.holder, "checks from now on" if is_leader else "checks no more")
        if self._on_leader is not None:
            self._on_leader(is_leader)

    async def _hold(self, tenure: Tenure) -> None:
        """Hold the lease for longer, again and again, until it is lost. While the database is down it may be."""
        while True:
            await asyncio.sleep(self._lease.seconds / 3)
            try:
                if await self._lease.acquire() != tenure:
                    return
            except StorageError as error:
                self._warn(error)

    async def _release(self, tenure: Tenure) -> None:
        try:
            await self._lease.release(tenure)
        except StorageError as error:
            _LOG.info("the lease is not given up, and ends by itself: %s", error)

    async def _check_due(self, tenure: Tenure) -> None:
        """Take what is due, as many at once as the policy says, until the lease is lost."""
        running: dict[asyncio.Task[None], Names] = {}
        try:
            while True:
                pause = await self._begin_due(tenure, running)
                if running:
                    done, _ = await asyncio.wait(running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        del running[task]
                        task.result()
                else:
                    await asyncio.sleep(pause)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _begin_due(self, tenure: Tenure, running: dict[asyncio.Task[None], Names]) -> float:
        """Begin checks that are due, and return for how many seconds there is nothing to begin."""
        free = self._policy.max_concurrency - len(running)
        if not free:
            return _LONGEST_PAUSE_SECONDS
        try:
            pause = await self._schedule.seconds_until_due()
            if pause == 0:
                for names in await self._schedule.take(tenure, free):
                    # One that is still being asked is left out, this time.
                    if names not in running.values():
                        running[asyncio.create_task(self._check(tenure, names))] = names
                pause = await self._schedule.seconds_until_due()
            self._is_failing = False
        except StorageError as error:
            self._warn(error)
            pause = None
        return _LONGEST_PAUSE_SECONDS if pause is None else min(pause, _LONGEST_PAUSE_SECONDS)

    async def _check(self, tenure: Tenure, names: Names) -> None:
        try:
            config = await self._health.configs.get_provider_model(*names, actor=HEALTH)
            if config is not None:
                check = await self._health.check_config(config, tenure)
                if self._on_check is not None:
                    self._on_check(check)
        except ConfigNotFoundError:
            _LOG.debug("%s/%s was deleted while it was checked", *names)
        except StorageError as error:
            self._warn(error)
        except LeaseLostError:
            raise
        except Exception:  # noqa: BLE001 - a verifier of one's own that fails must not end the checks of all others
            _LOG.exception("the check of %s/%s failed", *names)

    def _warn(self, error: StorageError) -> None:
        if not self._is_failing:
            _LOG.warning("health cannot be kept: %s", error)
        self._is_failing = True


def _tell_of_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _LOG.error("health is checked no more", exc_info=task.exception())
