"""The words in which Google refuses a request over a quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.google.errors import ApiError, error_for_status, retry_info

if TYPE_CHECKING:
    from core.llms.simulator.rate_limits import Verdict

_GUIDE = "https://ai.google.dev/gemini-api/docs/rate-limits"


def quota_error(verdict: Verdict, model: str, *, vertex: bool) -> ApiError:
    """The refusal of a request over a limit; the Gemini API names the limit and the time, Vertex AI does not."""
    if vertex:
        return error_for_status(429)
    meter = verdict.requests if verdict.refused_by == "requests" else verdict.tokens
    assert meter is not None
    kind, unit = ("requests", "Requests") if verdict.refused_by == "requests" else ("input_token_count", "InputTokens")
    metric = f"generativelanguage.googleapis.com/generate_content_paid_tier_{kind}"
    message = (
        "You exceeded your current quota, please check your plan and billing details. For more information on this "
        f"error, head to: {_GUIDE}. To monitor your current usage, head to: https://ai.dev/rate-limit. \n"
        f"* Quota exceeded for metric: {metric}, limit: {meter.limit}, model: {model}"
    )
    help_link = {"description": "Learn more about Gemini API quotas", "url": _GUIDE}
    violation = {
        "quotaMetric": metric,
        "quotaId": f"GenerateContentPaidTier{unit}PerModelPerMinute",
        "quotaDimensions": {"model": model, "location": "global"},
        "quotaValue": str(meter.limit),
    }
    details = [
        {"@type": "type.googleapis.com/google.rpc.Help", "links": [help_link]},
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
    ]
    if not verdict.impossible:
        message += f"\nPlease retry in {verdict.retry_after_seconds:.9f}s."
        details.append(retry_info(str(int(verdict.retry_after_seconds))))
    return ApiError(message, code=429, details=details)
