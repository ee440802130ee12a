"""The headers Anthropic sends with every reply, and the words of its rate limits.

Form of the headers: recorded exchanges of 2025-11 to 2026-08.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.llms.simulator.anthropic.errors import ApiError

if TYPE_CHECKING:
    from core.llms.simulator.rate_limits import Meter, Verdict

_ORGANIZATION = "00000000-0000-0000-0000-000000000000"
_USUAL_LIMITS = {"requests": 20_000, "tokens": 4_800_000, "input-tokens": 4_000_000, "output-tokens": 800_000}


def reply_headers(request_id: str) -> dict[str, str]:
    """The headers of any reply."""
    return {"request-id": request_id, "anthropic-organization-id": _ORGANIZATION}


def limit_headers(verdict: Verdict | None) -> dict[str, str]:
    """The meters of the limits after a request; generous ones where none are set."""
    headers: dict[str, str] = {}
    for kind, limit in _USUAL_LIMITS.items():
        spent = 1 if kind == "requests" else 0
        headers |= _meter(kind, limit, limit - spent, 0.0)
    if verdict is None:
        return headers
    if verdict.requests is not None:
        headers |= _limited("requests", verdict.requests)
    if verdict.tokens is not None:
        headers |= _limited("tokens", verdict.tokens) | _limited("input-tokens", verdict.tokens)
    return headers


def limit_error(verdict: Verdict, model: str) -> ApiError:
    """The refusal of a request over a limit."""
    kind = verdict.refused_by
    meter = verdict.requests if kind == "requests" else verdict.tokens
    assert meter is not None
    unit = "requests" if kind == "requests" else "input tokens"
    message = (
        f"This request would exceed your organization's rate limit of {meter.limit:,} {unit} per minute "
        f"(org: {_ORGANIZATION}, model: {model}). For details, refer to: "
        "https://docs.claude.com/en/api/rate-limits. You can see the response headers for current usage."
    )
    headers = limit_headers(verdict)
    if verdict.impossible:
        headers["x-should-retry"] = "false"
    else:
        headers["retry-after"] = str(max(1, round(verdict.retry_after_seconds)))
    return ApiError(message, status=429, headers=headers)


def _limited(kind: str, meter: Meter) -> dict[str, str]:
    return _meter(kind, meter.limit, meter.remaining, meter.reset_seconds)


def _meter(kind: str, limit: int, remaining: int, reset_seconds: float) -> dict[str, str]:
    reset = datetime.fromtimestamp(time.time() + reset_seconds, UTC)
    prefix = f"anthropic-ratelimit-{kind}"
    return {
        f"{prefix}-limit": str(limit),
        f"{prefix}-remaining": str(remaining),
        f"{prefix}-reset": reset.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
