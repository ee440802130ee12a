"""`LiveHealth`: what becomes of live calls, added up in the process and written in batches, beside the calls."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.llms.provider_config.health.call_counts import CallCounts
from core.llms.provider_config.health.observing import LiveHealthMiddleware
from core.llms.provider_config.health.outcomes import SUCCESS, Outcome, read_call_error
from core.llms.runtime.closing import AsyncClosing
from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.later_flush import LaterFlush

if TYPE_CHECKING:
    from core.llms.provider_config.health.service import HealthService
    from core.llms.provider_config.schemas import ProviderModelConfigResponse

_LOG = logging.getLogger("core.llms.health")


class LiveHealth(AsyncClosing):
    """Give it to `ConfigAliases`, `Generator` or `ProviderFactory` as `health`.

    Every attempt at a provider counts, but for those that failed by what the caller asked for. Counts are written every
    `flush_seconds`, and at the end: use it as `async with`, or `aclose()` it, after whatever makes the calls. While the
    database is down they wait in memory, at most `most_kinds` kinds of calls; what is more is told by a log line and
    in `lost_calls`. It switches nothing: that takes a check, of which failed calls need fewer.
    """

    def __init__(self, health: HealthService, *, flush_seconds: float = 5.0, most_kinds: int = 10_000) -> None:
        self._write: Callable[[CallCounts], Awaitable[None]] = health.add_calls
        self._outcomes = health.policy.outcomes
        self._most_kinds = most_kinds
        self._counts = CallCounts(most_kinds)
        self._lock = ForkLock()
        self._later = LaterFlush(self.flush, lambda: bool(self._counts.tallies), flush_seconds, "live health", _LOG)
        self.lost_calls: int = 0

    def middleware_for(self, config: ProviderModelConfigResponse) -> LiveHealthMiddleware:
        """Return what is put around the calls of a configuration."""
        return LiveHealthMiddleware(self, config.id)

    def observe(self, config_id: int, seconds: float, error: Exception | None = None) -> None:
        """Count an attempt that is over; it is written soon."""
        finding = SUCCESS if error is None else read_call_error(error, self._outcomes)
        if finding.outcome is not Outcome.INCONCLUSIVE:
            with self._lock.held:
                self._counts.count(config_id, finding, seconds, datetime.now(UTC))
            self._later.wake()

    async def flush(self) -> None:
        """Write what waits. Raises `StorageError` where that fails; nothing is lost then."""
        with self._lock.held:
            taken, self._counts = self._counts, CallCounts(self._most_kinds)
        self._note_lost(taken)
        if not taken.tallies:
            return
        try:
            await self._write(taken)
        except BaseException:
            with self._lock.held:
                taken.append(self._counts)
                self._counts = taken
            raise

    async def aclose(self) -> None:
        """Write what waits and stop. Raises `StorageError` where that fails."""
        await self._later.stop()
        await self.flush()

    def _note_lost(self, taken: CallCounts) -> None:
        lost, taken.lost_calls = taken.lost_calls, 0
        if lost:
            self.lost_calls += lost
            _LOG.error("the health of %d live calls is lost: %d kinds wait already", lost, self._most_kinds)
