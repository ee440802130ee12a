"""Limits as configured and as the vendor tells them: the tighter holds, and what was told fades."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

from core.llms.errors import QuotaExceededError, RateLimitError
from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.limits.headers import Reading
from core.llms.runtime.limits.meters import Gauge, Meter, create_meter

# A vendor's word on the size of a limit holds for so long after it was last heard.
_HOLDS_SECONDS: Final = 60.0
# A wait that a vendor asks for is not taken on trust for longer: one attempt then asks again.
_LONGEST_HOLD_SECONDS: Final = 3600.0


@dataclass(slots=True)
class _Told:
    limit: float
    until: float


class LearnedLimits:
    """The limits of one target: those configured, tightened by what its answers tell. Safe between threads."""

    def __init__(self, meters: Mapping[str, Meter], burst_share: float, clock: Callable[[], float]) -> None:
        self._configured = meters
        self._burst_share = burst_share
        self._clock = clock
        self._told: dict[str, _Told] = {}
        self._lock = ForkLock()
        self._gauge = Gauge(meters)
        self._gauge_until = inf

    @property
    def gauge(self) -> Gauge:
        """The limits that hold now."""
        if self._gauge_until != inf and self._clock() >= self._gauge_until:
            with self._lock.held:
                self._rebuild()
        return self._gauge

    def learn(self, readings: Mapping[str, Reading]) -> None:
        """Take note of limits that are smaller than those configured, or that none is configured for."""
        now = self._clock()
        with self._lock.held:
            changed = False
            for dimension, reading in readings.items():
                configured = self._configured.get(dimension)
                if reading.limit is None or (configured is not None and reading.limit >= configured.limit):
                    continue
                told = self._told.get(dimension)
                if told is not None and told.limit == reading.limit:
                    told.until = now + _HOLDS_SECONDS
                elif told is None or now >= told.until or reading.limit < told.limit:
                    # A larger one counts once the smaller was not heard of for a while.
                    self._told[dimension] = _Told(reading.limit, now + _HOLDS_SECONDS)
                    changed = True
            if changed:
                self._rebuild()

    def _rebuild(self) -> None:
        now = self._clock()
        self._told = {dimension: told for dimension, told in self._told.items() if told.until > now}
        meters = dict(self._configured)
        for dimension, told in self._told.items():
            meters[dimension] = create_meter(dimension, told.limit, self._burst_share, is_learned=True)
        self._gauge = Gauge(meters)
        self._gauge_until = min((told.until for told in self._told.values()), default=inf)


def find_floors(gauge: Gauge, readings: Mapping[str, Reading], backlogs: Mapping[str, float]) -> dict[str, float]:
    """Return the backlogs that limits have at least by what the vendor says is left, where we believed in more.

    `backlogs` are those of the reservation that this is the answer to.
    """
    floors = {}
    for dimension, reading in readings.items():
        meter = gauge.meters.get(dimension)
        if meter is None or reading.remaining is None:
            continue
        backlog = (meter.burst - reading.remaining) * meter.seconds_per_unit
        if backlog > backlogs.get(dimension, 0.0) + meter.seconds_per_unit:
            floors[dimension] = backlog
    return floors


def find_hold(error: BaseException | None, readings: Mapping[str, Reading]) -> float:
    """Return for how many seconds a refusal asks to send nothing: its Retry-After, else until what is used up is back.

    Out of credit, waiting does not help, and there is nothing to wait for.
    """
    if not isinstance(error, RateLimitError) or isinstance(error, QuotaExceededError):
        return 0.0
    seconds = error.retry_after_seconds
    if seconds is None:
        spent = [reading.reset_seconds for reading in readings.values() if reading.remaining == 0]
        seconds = max((reset for reset in spent if reset is not None), default=0.0)
    return min(seconds, _LONGEST_HOLD_SECONDS)
