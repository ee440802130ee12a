"""Adding live calls up, by minute and by how they ended, until they are written. No I/O, and not safe in threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.llms.provider_config.health.outcomes import BAD, Finding, Outcome
from core.llms.runtime.monitoring.histogram import DurationHistogram


@dataclass(frozen=True, slots=True)
class CallKind:
    """Calls that count together: those of one configuration and one minute that ended alike."""

    config_id: int
    minute: datetime
    outcome: Outcome
    error_class: str | None
    status: int | None


@dataclass(slots=True)
class Tally:
    """How many calls of a kind there were, how long they took, and what the last one said."""

    calls: int = 0
    latencies: DurationHistogram = field(default_factory=DurationHistogram)
    message: str | None = None

    def add(self, other: Tally) -> None:
        """Count what came after it, too."""
        self.calls += other.calls
        self.latencies.merge(other.latencies)
        self.message = other.message


@dataclass(slots=True)
class Tail:
    """How the calls of one configuration ended up: the failures at the end, and whether any succeeded before."""

    failures: int
    last: Finding
    last_at: datetime
    had_success: bool

    def add(self, later: Tail) -> None:
        """Count what came after it, too."""
        self.failures = later.failures if later.had_success else self.failures + later.failures
        self.last, self.last_at = later.last, later.last_at
        self.had_success |= later.had_success


class CallCounts:
    """Calls of any number of configurations, at most `most_kinds` kinds of them; `lost_calls` are beyond that."""

    def __init__(self, most_kinds: int) -> None:
        self._most_kinds = most_kinds
        self.tallies: dict[CallKind, Tally] = {}
        self.tails: dict[int, Tail] = {}
        self.lost_calls: int = 0

    def count(self, config_id: int, finding: Finding, seconds: float, now: datetime) -> None:
        """Count a call."""
        minute = now.replace(second=0, microsecond=0)
        kind = CallKind(config_id, minute, finding.outcome, finding.error_class, finding.status)
        tally = self.tallies.get(kind)
        if tally is None:
            if len(self.tallies) >= self._most_kinds:
                self.lost_calls += 1
                return
            tally = self.tallies[kind] = Tally()
        tally.calls += 1
        tally.latencies.add(seconds)
        tally.message = finding.message
        tail = Tail(int(finding.outcome in BAD), finding, now, finding.outcome is Outcome.OK)
        self._add_tail(config_id, tail)

    def append(self, later: CallCounts) -> None:
        """Count what another has counted after it, too."""
        for kind, tally in later.tallies.items():
            known = self.tallies.get(kind)
            if known is not None:
                known.add(tally)
            elif len(self.tallies) < self._most_kinds:
                self.tallies[kind] = tally
            else:
                self.lost_calls += tally.calls
        for config_id, tail in later.tails.items():
            self._add_tail(config_id, tail)
        self.lost_calls += later.lost_calls

    def _add_tail(self, config_id: int, tail: Tail) -> None:
        known = self.tails.get(config_id)
        if known is None:
            self.tails[config_id] = tail
        else:
            known.add(tail)
