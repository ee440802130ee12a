"""`UsageRecorder`: adds calls up by the hour and writes the sums to a store that processes share."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from core.llms.runtime.closing import AsyncClosing
from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.later_flush import LaterFlush
from core.llms.runtime.monitoring.call_record import CallRecord
from core.llms.types.usage_totals import UsageKey, UsageTotals

_LOG = logging.getLogger("core.llms.monitoring")


class UsageStore(Protocol):
    """Where sums are kept: those of a key add up, whoever writes them."""

    async def add(self, totals: Mapping[UsageKey, UsageTotals]) -> None:
        """Add sums to those that are there, all of them or none."""
        ...


class UsageRecorder(AsyncClosing):
    """An observer that keeps what calls consumed in a store, as `DatabaseUsageStore`.

    Sums are written every `flush_seconds`, and at the end: use it as `async with`, or `aclose()` it. While the store is
    down they wait in memory, at most `most_rows` of them; what is more is told by a log line and in `lost_calls`.
    """

    def __init__(self, store: UsageStore, *, flush_seconds: float = 5.0, most_rows: int = 10_000) -> None:
        self._store = store
        self._most_rows = most_rows
        self._waiting: dict[UsageKey, UsageTotals] = {}
        self._lock = ForkLock()
        self._later = LaterFlush(self.flush, lambda: bool(self._waiting), flush_seconds, "usage", _LOG)
        self.lost_calls: int = 0

    def observe(self, record: CallRecord) -> None:
        """Add a call up; the sums are written soon."""
        self._merge({_key_of(record): _totals_of(record)})
        self._later.wake()

    async def flush(self) -> None:
        """Write what waits. Raises `StorageError` where that fails; nothing is lost then."""
        with self._lock.held:
            taken, self._waiting = self._waiting, {}
        if not taken:
            return
        try:
            await self._store.add(taken)
        except BaseException:
            self._merge(taken)
            raise

    async def aclose(self) -> None:
        """Write what waits and stop. Raises `StorageError` where that fails."""
        await self._later.stop()
        await self.flush()

    def _merge(self, totals: Mapping[UsageKey, UsageTotals]) -> None:
        with self._lock.held:
            for key, added in totals.items():
                earlier = self._waiting.get(key)
                if earlier is not None:
                    self._waiting[key] = earlier + added
                elif len(self._waiting) < self._most_rows:
                    self._waiting[key] = added
                else:
                    self.lost_calls += added.calls
                    _LOG.error("usage of %d calls is lost: %d rows wait already", added.calls, self._most_rows)


def _key_of(record: CallRecord) -> UsageKey:
    ctx, target = record.ctx, record.target
    hour = record.began_at.replace(minute=0, second=0, microsecond=0)
    tags = tuple(sorted(set(ctx.tags)))
    return UsageKey(hour, target.provider, record.model, record.operation, target.alias or "", ctx.user_id or "", tags)


def _totals_of(record: CallRecord) -> UsageTotals:
    usage = record.usage
    succeeded, cancelled = record.outcome == "ok", record.outcome == "cancelled"
    return UsageTotals(
        calls=1,
        succeeded=int(succeeded),
        failed=int(not succeeded and not cancelled),
        cancelled=int(cancelled),
        cached=int(record.is_cached),
        attempts=len(record.attempts),
        unpriced=int(not record.is_priced),
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        reasoning_tokens=usage.reasoning_tokens,
        seconds=record.seconds,
        cost=record.cost,
        maybe_charged_cost=record.maybe_charged_cost,
        saved_cost=record.saved_cost,
    )
