"""What an answer's headers say about trying again.

Reading alone lives here: whether and how long to wait is the business of whoever owns the attempts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Longer than any wait that is meant: above it a header is nonsense (and would not fit a date).
MAX_RETRY_AFTER_SECONDS = 2.0**31


def parse_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that the server asks to wait, or `None` where it does not say so in a usable form.

    `retry-after-ms` (milliseconds) goes before `retry-after` (seconds, whole or not, or an HTTP date); a zero in
    the first gives way to a longer wait in the second. NaN, infinite, negative, absurdly long and malformed values
    count as absent; a date that has passed is a wait of 0. `headers` may have names in any case.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    milliseconds = _parse_number(lowered.get("retry-after-ms"))
    waits = [
        None if milliseconds is None else milliseconds / 1000,
        _parse_seconds_or_date(lowered.get("retry-after"), now),
    ]
    said = [wait for wait in waits if wait is not None and wait <= MAX_RETRY_AFTER_SECONDS]
    return next((wait for wait in said if wait > 0), said[0] if said else None)


def parse_should_retry(headers: Mapping[str, str]) -> bool | None:
    """Return the server's own word on whether to retry (`x-should-retry`), or `None` where it has none."""
    for name, value in headers.items():
        if name.lower() == "x-should-retry":
            return {"true": True, "false": False}.get(value.strip().lower())
    return None


def _parse_number(text: str | None) -> float | None:
    """Read digits with an optional fraction; `float` alone would take `1_000`, `nan`, `1e9` and Arabic digits."""
    text = (text or "").strip()
    if not text.isascii() or not text.replace(".", "", 1).isdigit():
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _parse_seconds_or_date(text: str | None, now: datetime | None) -> float | None:
    seconds = _parse_number(text)
    if seconds is not None or not text:
        return seconds
    try:
        moment = parsedate_to_datetime(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, OverflowError):
        return None
