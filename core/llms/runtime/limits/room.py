"""How much of a target's limits is free, as far as this process knows: for who shares calls out over several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.llms.runtime.limits.meters import Meter
from core.llms.types.limits import Decision, Settlement


class Room:
    """What the last answers of the store tell, moved on by time and by what was settled since."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._used_until: dict[str, float] = {}
        self._held_until = 0.0

    def note_decision(self, decision: Decision) -> None:
        """Take note of backlogs."""
        now = self._clock()
        self._used_until.update({dimension: now + backlog for dimension, backlog in decision.backlogs.items()})

    def note_settlement(self, settlement: Settlement) -> None:
        """Take note of what was given back, and of what a vendor said."""
        now = self._clock()
        for dimension, seconds in settlement.shifts.items():
            self._used_until[dimension] = self._used_until.get(dimension, now) + seconds
        for dimension, seconds in settlement.floors.items():
            self._used_until[dimension] = max(self._used_until.get(dimension, now), now + seconds)
        if settlement.hold_seconds:
            self._held_until = max(self._held_until, now + settlement.hold_seconds)

    def look(self) -> tuple[dict[str, float], float]:
        """Return the backlog of each limit, and for how long nothing is granted, in seconds."""
        now = self._clock()
        return {name: moment - now for name, moment in self._used_until.items()}, self._held_until - now


def find_share(meters: Iterable[Meter], backlogs: Mapping[str, float]) -> float:
    """Return the free share, 0 to 1, of the limit that has least."""
    shares = [1.0]
    for meter in meters:
        backlog = max(0.0, backlogs.get(meter.dimension, 0.0))
        shares.append(max(0.0, 1.0 - backlog / (meter.burst * meter.seconds_per_unit)))
    return min(shares)
