"""Counters of a limiter, for telemetry."""

from __future__ import annotations

from dataclasses import dataclass

from core.llms.runtime.fork_lock import ForkLock


@dataclass(frozen=True, slots=True)
class LimiterStatistics:
    """What a limiter did since it was made.

    `admitted` attempts passed, of which `queued` waited, `queued_seconds` in all. `refused` ones could not pass in
    time, or at all. `store_failures` counts steps in which the store failed or was too slow, `admitted_without_store`
    the attempts that passed meanwhile by limits of this process alone. `waiting` is how many wait now.
    """

    admitted: int = 0
    queued: int = 0
    queued_seconds: float = 0.0
    refused: int = 0
    store_failures: int = 0
    admitted_without_store: int = 0
    waiting: int = 0


class Tally:
    """The counters as they run. Safe between threads."""

    def __init__(self) -> None:
        self._lock = ForkLock()
        self._counts = {"admitted": 0, "queued": 0, "refused": 0, "store_failures": 0, "admitted_without_store": 0}
        self._queued_seconds = 0.0

    def admit(self, queued_seconds: float | None) -> None:
        """Count an attempt that passed, with the time that it waited, None for one that did not."""
        with self._lock.held:
            self._counts["admitted"] += 1
            if queued_seconds is not None:
                self._counts["queued"] += 1
                self._queued_seconds += queued_seconds

    def count(self, name: str) -> None:
        """Count one thing more."""
        with self._lock.held:
            self._counts[name] += 1

    def freeze(self, waiting: int) -> LimiterStatistics:
        """Return the counters as they are."""
        with self._lock.held:
            return LimiterStatistics(**self._counts, queued_seconds=self._queued_seconds, waiting=waiting)
