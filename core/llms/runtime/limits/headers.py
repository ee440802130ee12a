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
_NUMBER: Final = re.compile(r"\d{1,30}(?:\.\d+)?", re.ASCII)
# Seconds since 1970, and milliseconds, are told from a wait by their size.
_EPOCH_SECONDS: Final = 1e9
_EPOCH_MILLISECONDS: Final = 1e12
_DAY_SECONDS: Final = 86_400.0
_DAY_TOLERANCE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said of one limit: its size, what is left of it, and the seconds until all of it is back."""

    limit: float | None = None
    remaining: float | None = None
    reset_seconds: float | None = None


def read_limits(headers: Mapping[str, str], now: datetime | None = None) -> dict[str, Reading]:
    """Return what headers say of each limit, by its name in `RateLimits`; what makes no sense counts as absent."""
    found: dict[tuple[str, str | None], dict[str, str]] = {}
    for name, value in headers.items():
        place = _place_of(name)
        if place is not None:
            subject, span, field = place
            found.setdefault((subject, span), {})[field] = value
    readings = {}
    for (subject, span), fields in found.items():
        reading = _read(fields, now)
        dimension = f"{subject}_per_{span or _span_of(reading, fields)}"
        if dimension not in ("input_tokens_per_day", "output_tokens_per_day"):
            readings[dimension] = reading
    return readings


@lru_cache(1024)
def _place_of(name: str) -> tuple[str, str | None, str] | None:
    """Read a header's name: what is limited, in which time (None: not said), and what is said of it."""
    words = name.lower().partition(_MARK)[2].split("-")
    fields = [_FIELDS[word] for word in words if word in _FIELDS]
    spans = [word for word in words if word in _SPANS]
    subject = _SUBJECTS.get(frozenset(words).difference(_FIELDS, _SPANS))
    if len(fields) != 1 or len(spans) > 1 or subject is None:
        return None
    return subject, spans[0] if spans else None, fields[0]


def _read(fields: Mapping[str, str], now: datetime | None) -> Reading:
    limit = _parse_number(fields.get("limit"))
    return Reading(limit or None, _parse_number(fields.get("remaining")), parse_reset(fields.get("reset"), now))


def _span_of(reading: Reading, fields: Mapping[str, str]) -> str:
    """Tell a day's limit from a minute's by how fast it comes back; without a sign it is taken for a minute's."""
    period = _parse_number(fields.get("period"))
    if period is None and reading.limit and reading.reset_seconds and reading.remaining is not None:
        used = reading.limit - reading.remaining
        period = reading.limit * reading.reset_seconds / used if used > 0 else None
    is_day = period is not None and abs(period / _DAY_SECONDS - 1) <= _DAY_TOLERANCE
    return "day" if is_day else "minute"


def parse_reset(text: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds until a limit is back: from a duration, seconds, or a moment. None where it is none."""
    text = (text or "").strip()
    number = _parse_number(text)
    if number is not None:
        if number < _EPOCH_SECONDS:
            return number
        moment = number / 1000 if number >= _EPOCH_MILLISECONDS else number
        return max(0.0, moment - (now or datetime.now(UTC)).timestamp())
    match = _DURATION.fullmatch(text) if text else None
    if match is not None:
        return sum(float(part) * unit for part, unit in zip(match.groups(), _DURATION_UNITS, strict=True) if part)
    return _parse_moment(text, now)


def _parse_moment(text: str, now: datetime | None) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def _parse_number(text: str | None) -> float | None:
    match = _NUMBER.fullmatch((text or "").strip())
    number = float(match[0]) if match else None
    return number if number is not None and isfinite(number) else None
