"""Limits of requests and tokens: the headers that tell of them, and the words of a refusal.

Headers: ibm-watsonx-ai 1.8.1, `_wrappers/httpx`. Words: a public report of 2025-12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.watsonx.errors import ApiError

if TYPE_CHECKING:
    from core.llms.simulator.rate_limits import Verdict

_INSTANCE = "00000000-0000-4000-8000-000000000000"


def limit_headers(verdict: Verdict) -> dict[str, str]:
    """How many requests are allowed and left."""
    meter = verdict.requests
    if meter is None:
        return {}
    return {"x-requests-limit-rate": str(meter.limit), "x-requests-limit-remaining": str(meter.remaining)}


def quota_error(verdict: Verdict) -> ApiError:
    """The refusal of a request over a limit."""
    meter = verdict.requests if verdict.refused_by == "requests" else verdict.tokens
    assert meter is not None
    unit = verdict.refused_by
    message = f"Rate limit of {meter.limit} {unit} per 1m0s was reached for instance id {_INSTANCE}"
    return ApiError(message, status=429, code=f"rate_limit_reached_{unit}", headers=limit_headers(verdict))
