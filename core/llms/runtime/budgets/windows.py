"""The time that a budget holds for: which slot a moment is in, which slots count, and when they count no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal, TypeAlias

from core.llms.errors import ConfigurationError

Window: TypeAlias = Literal["day", "month", "forever"] | timedelta

# A rolling window forgets in steps of this part of its length, and never early.
STEPS: Final = 60


@dataclass(frozen=True, slots=True)
class Period:
    """The slots that count at a moment; `until` is when others do (None: never), `ends_at` when `slot` counts no more.

    Moments are seconds since 1970.
    """

    slot: int
    first_slot: int
    until: float | None
    ends_at: float | None


FOREVER: Final = Period(0, 0, None, None)


class Calendar:
    """Finds the period of a moment for one window, and remembers it while it lasts."""

    __slots__ = ("_begin", "_period", "window", "zone")

    def __init__(self, window: Window, zone: tzinfo) -> None:
        self.window = window
        self.zone = zone
        self._begin = 0.0
        self._period: Period | None = None

    def at(self, now: float) -> Period:
        """Return the period of a moment."""
        period = self._period
        if period is None or now < self._begin or (period.until is not None and now >= period.until):
            self._begin, period = find_period(self.window, self.zone, now)
            self._period = period
        return period

    def resets_at(self, now: float, oldest_slot: int | None) -> datetime | None:
        """Say when what is spent is given back: with the next day or month, or the oldest step of a rolling window."""
        if isinstance(self.window, timedelta):
            if oldest_slot is None:
                return None
            step = self.window.total_seconds() / STEPS
            return datetime.fromtimestamp((oldest_slot + STEPS + 1) * step, self.zone)
        until = self.at(now).until
        return None if until is None else datetime.fromtimestamp(until, self.zone)


def find_period(window: Window, zone: tzinfo, now: float) -> tuple[float, Period]:
    """Return when the period of a moment begins, and the period."""
    if isinstance(window, timedelta):
        step = window.total_seconds() / STEPS
        slot = int(now // step)
        return slot * step, Period(slot, slot - STEPS, (slot + 1) * step, (slot + STEPS + 1) * step)
    if window == "forever":
        return float("-inf"), FOREVER
    today = datetime.fromtimestamp(now, zone).date()
    first, following = _span(window, today)
    slot = first.toordinal() if window == "day" else first.year * 12 + first.month
    end = _midnight(following, zone)
    return _midnight(first, zone), Period(slot, slot, end, end)


def _span(window: Literal["day", "month"], today: date) -> tuple[date, date]:
    if window == "day":
        return today, today + timedelta(days=1)
    first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def _midnight(day: date, zone: tzinfo) -> float:
    return datetime.combine(day, time(), zone).timestamp()


def find_zone(name: str) -> tzinfo:
    """Return a time zone by its IANA name. Raises `ConfigurationError`."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigurationError(
            f"no time zone {name!r} is known here: `time_zone` takes names such as 'Europe/Berlin'; a system without"
            " zones of its own needs the package tzdata"
        ) from error
