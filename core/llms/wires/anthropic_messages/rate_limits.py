"""What an answer's `anthropic-ratelimit-*` headers say. Reading alone lives here, no waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

_PREFIX: Final = "anthropic-ratelimit-"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One limit: `name` is `requests`, `tokens`, `input-tokens`, `output-tokens` or another the vendor adds.

    `reset_at` is when the whole limit is there again.
    """

    name: str
    limit: int | None = None
    remaining: int | None = None
    reset_at: datetime | None = None


def parse_rate_limits(headers: Mapping[str, str]) -> dict[str, RateLimit]:
    """Read the limits by their names; a value that is malformed counts as absent."""
    fields: dict[str, dict[str, str]] = {}
    for header, value in headers.items():
        name, dash, kind = header.lower().removeprefix(_PREFIX).rpartition("-")
        if header.lower().startswith(_PREFIX) and dash:
            fields.setdefault(name, {})[kind] = value.strip()
    return {
        name: RateLimit(name, _number(of.get("limit")), _number(of.get("remaining")), _moment(of.get("reset")))
        for name, of in fields.items()
        if of.keys() & {"limit", "remaining", "reset"}
    }


def seconds_until_free(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return how long until every limit that is used up is there again; None where none is, or no time is told."""
    used_up = [limit.reset_at for limit in parse_rate_limits(headers).values() if limit.remaining == 0]
    moments = [moment for moment in used_up if moment is not None]
    if not moments:
        return None
    return max(0.0, (max(moments) - (now or datetime.now(UTC))).total_seconds())


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _moment(text: str | None) -> datetime | None:
    """Read an RFC 3339 time; one without an offset is UTC."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
