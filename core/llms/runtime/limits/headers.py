"""What an answer's headers say of rate limits, whoever sends them: names are read by their words.

`x-ratelimit-limit-requests`, `anthropic-ratelimit-input-tokens-remaining`, `x-ratelimit-remaining-req-minute` and
`x-ratelimit-reset-tokens` differ in the order of the same few words. A name with any other word is about something
else (images, seconds of sound, a month) and is left alone.

As the vendors have it: OpenAI's guide to rate limits (durations as `6m0s`; read 2026-11), Anthropic's (RFC 3339
moments at which a limit is full again; read 2026-11), Groq's (`limit-requests` is a day's, its reset in durations;
read 2026-11), and recorded answers of Azure (`renewalperiod`, in seconds), Mistral, Cerebras and xAI.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from typing import Final

from core.llms.types.limits import DIMENSIONS
from core.llms.types.quick_init import quick_init

_MARK: Final = "ratelimit-"
_FIELDS: Final = {"limit": "limit", "remaining": "remaining", "reset": "reset", "renewalperiod": "period"}
_SUBJECTS: Final = {
    frozenset({"requests"}): "requests",
    frozenset({"req"}): "requests",
    frozenset[str](): "requests",
    frozenset({"tokens"}): "tokens",
    frozenset({"input", "tokens"}): "input_tokens",
    frozenset({"output", "tokens"}): "output_tokens",
}
_SPANS: Final = ("minute", "day")
_DURATION: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_DURATION_UNITS: Final = (86_400.0, 3600.0, 60.0, 1.0, 0.001)
_MOST_DIGITS: Final = 30
_NUMBER: Final = re.compile(r"\d{1,30}(?:\.\d+)?", re.ASCII)
# Seconds since 1970, and milliseconds, are told from a wait by their size.
_EPOCH_SECONDS: Final = 1e9
_EPOCH_MILLISECONDS: Final = 1e12
_DAY_SECONDS: Final = 86_400.0
_DAY_TOLERANCE: Final = 0.01


@quick_init
@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of one limit: its size, what is left of it, and the seconds until all of it is back."""

    limit: float | None = None
    remaining: float | None = None
    reset_seconds: float | None = None


def read_limits(headers: Mapping[str, str], now: datetime | None = None) -> dict[str, Reading]:
    """Return what headers say of each limit, by its name in `RateLimits`; what makes no sense counts as absent."""
    readings = {}
    for told in _find_limits(tuple(headers)):
        reading = Reading(
            None if told.limit is None else _parse_number(headers[told.limit]) or None,
            None if told.remaining is None else _parse_number(headers[told.remaining]),
            None if told.reset is None else parse_reset(headers[told.reset], now),
        )
        period = None if told.period is None else _parse_number(headers[told.period])
        dimension = told.dimensions[told.span or _span_of(reading, period)]
        if dimension is not None:
            readings[dimension] = reading
    return readings


@dataclass(frozen=True, slots=True)
class _ToldLimit:
    """One limit that headers tell of: its names in `RateLimits` by span, and the headers that say something of it."""

    span: str | None
    dimensions: Mapping[str, str | None]
    limit: str | None = None
    remaining: str | None = None
    reset: str | None = None
    period: str | None = None


@lru_cache(256)
def _find_limits(names: tuple[str, ...]) -> tuple[_ToldLimit, ...]:
    # The answers of a vendor have the same few sets of names over and over.
    found: dict[tuple[str, str | None], dict[str, str]] = {}
    for name in names:
        place = _place_of(name)
        if place is not None:
            subject, span, field = place
            found.setdefault((subject, span), {})[field] = name
    return tuple(_ToldLimit(span, _dimensions_of(subject), **fields) for (subject, span), fields in found.items())


def _dimensions_of(subject: str) -> dict[str, str | None]:
    named = {span: f"{subject}_per_{span}" for span in _SPANS}
    return {span: dimension if dimension in DIMENSIONS else None for span, dimension in named.items()}


def _place_of(name: str) -> tuple[str, str | None, str] | None:
    """Read a header's name: what is limited, in which time (None: not said), and what is said of it."""
    words = name.lower().partition(_MARK)[2].split("-")
    fields = [_FIELDS[word] for word in words if word in _FIELDS]
    spans = [word for word in words if word in _SPANS]
    subject = _SUBJECTS.get(frozenset(words).difference(_FIELDS, _SPANS))
    if len(fields) != 1 or len(spans) > 1 or subject is None:
        return None
    return subject, spans[0] if spans else None, fields[0]


def _span_of(reading: Reading, period: float | None) -> str:
    """Tell a day's limit from a minute's by how fast it comes back; without a sign it is taken for a minute's."""
    limit, remaining, reset_seconds = reading.limit, reading.remaining, reading.reset_seconds
    if period is None and limit and reset_seconds and remaining is not None:
        used = limit - remaining
        period = limit * reset_seconds / used if used > 0 else None
    is_day = period is not None and abs(period / _DAY_SECONDS - 1) <= _DAY_TOLERANCE
    return "day" if is_day else "minute"


def parse_reset(text: str, now: datetime | None = None) -> float | None:
    """Return the seconds until a limit is back: from a duration, seconds, or a moment. None where it is none."""
    seconds = _parse_duration(text)
    if seconds is None:
        return _parse_moment(text.strip(), now)
    if seconds < _EPOCH_SECONDS:
        return seconds
    moment = seconds / 1000 if seconds >= _EPOCH_MILLISECONDS else seconds
    return max(0.0, moment - (now or datetime.now(UTC)).timestamp())


@lru_cache(1024)
def _parse_duration(text: str) -> float | None:
    # Most answers of a while name one of a few waits.
    text = text.strip()
    number = _parse_number(text)
    match = _DURATION.fullmatch(text) if text and number is None else None
    if match is None:
        return number
    return sum(float(part) * unit for part, unit in zip(match.groups(), _DURATION_UNITS, strict=True) if part)


def _parse_moment(text: str, now: datetime | None) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _parse_number(text: str) -> float | None:
    if text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS:
        return float(text)
    match = _NUMBER.fullmatch(text.strip())
    number = float(match[0]) if match else None
    return number if number is not None and isfinite(number) else None
