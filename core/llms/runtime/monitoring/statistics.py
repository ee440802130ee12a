"""`CallStatistics`: how the calls of each alias went, counted in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any

from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.monitoring.call_record import NO_MONEY, NO_USAGE, CallRecord
from core.llms.runtime.monitoring.histogram import NO_DURATIONS, DurationHistogram, Percentiles
from core.llms.types.response import Attempt
from core.llms.types.usage import Usage

# What is counted of a usage: a new `Usage` for each call would cost as much as all the rest.
_COUNTS = tuple(one.name for one in fields(Usage) if one.type in ("int", int))
_counts_of = attrgetter(*_COUNTS)


@dataclass(frozen=True, slots=True)
class AliasStatistics:
    """What calls of one alias, or `provider/model`, came to.

    `errors` counts by error class; `cancelled` calls were ended by the caller. `latency` is of calls that succeeded,
    all attempts and waits included, `first_event` of streams, `queued` of calls that waited for rate limits. Money is
    in USD: `cost` is certain, `maybe_charged_cost` was perhaps charged for requests whose fate is unknown, and
    `unpriced_calls` have a share that no price is known for; `saved_cost` is what the `cache_hits` would have cost.
    """

    calls: int = 0
    succeeded: int = 0
    cancelled: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    attempts: int = 0
    usage: Usage = NO_USAGE
    cost: Decimal = NO_MONEY
    maybe_charged_cost: Decimal = NO_MONEY
    unpriced_calls: int = 0
    cache_hits: int = 0
    saved_cost: Decimal = NO_MONEY
    latency: Percentiles = NO_DURATIONS
    first_event: Percentiles = NO_DURATIONS
    queued: Percentiles = NO_DURATIONS

    @property
    def retries(self) -> int:
        """Attempts beyond the first of each call that was not answered out of a cache."""
        return max(0, self.attempts - self.calls + self.cache_hits)


class CallStatistics:
    """An observer that counts calls by alias, in a fixed amount of memory each. It is safe between threads."""

    def __init__(self) -> None:
        self._tallies: dict[str, _Tally] = {}
        self._lock = ForkLock()

    def observe(self, record: CallRecord) -> None:
        """Count a call."""
        with self._lock.held:
            tally = self._tallies.get(record.name)
            if tally is None:
                tally = self._tallies[record.name] = _Tally()
            tally.add(record)

    def snapshot(self) -> dict[str, AliasStatistics]:
        """Return what was counted so far, by alias."""
        with self._lock.held:
            return {name: tally.freeze() for name, tally in self._tallies.items()}

    def reset(self) -> None:
        """Begin anew."""
        with self._lock.held:
            self._tallies.clear()


class _Tally:
    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._attempts = 0
        self._counts: dict[str, Any] = dict.fromkeys(_COUNTS, 0)
        self._cost = self._maybe_charged_cost = NO_MONEY
        self._unpriced_calls = self._cache_hits = 0
        self._saved_cost = NO_MONEY
        self._latency, self._first_event, self._queued = (DurationHistogram() for _ in range(3))

    def add(self, record: CallRecord) -> None:
        self._outcomes[record.outcome] += 1
        queued_seconds, is_priced = 0.0, True
        for attempt in record.attempts:
            queued_seconds += attempt.queued_seconds
            is_priced = self._add_attempt(attempt) and is_priced
        self._unpriced_calls += not is_priced
        if record.is_cached:
            self._cache_hits += 1
            self._saved_cost += record.saved_cost
        if record.outcome == "ok":
            self._latency.add(record.seconds)
        if record.first_event_seconds is not None:
            self._first_event.add(record.first_event_seconds)
        if queued_seconds:
            self._queued.add(queued_seconds)

    def _add_attempt(self, attempt: Attempt) -> bool:
        """Count an attempt; say whether a price was known for what it consumed."""
        self._attempts += 1
        usage, cost = attempt.usage, attempt.cost
        if usage is not None:
            for name, count in zip(_COUNTS, _counts_of(usage), strict=True):
                if count:
                    self._counts[name] += count
        if cost is None:
            return usage is None
        if attempt.maybe_charged:
            self._maybe_charged_cost += cost
        else:
            self._cost += cost
        return True

    def freeze(self) -> AliasStatistics:
        errors = dict(self._outcomes)
        succeeded, cancelled = errors.pop("ok", 0), errors.pop("cancelled", 0)
        return AliasStatistics(
            self._outcomes.total(),
            succeeded,
            cancelled,
            errors,
            self._attempts,
            Usage(**self._counts),
            self._cost,
            self._maybe_charged_cost,
            self._unpriced_calls,
            self._cache_hits,
            self._saved_cost,
            self._latency.percentiles(),
            self._first_event.percentiles(),
            self._queued.percentiles(),
        )
