"""The headers OpenAI sends with every reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.simulator.rate_limits import Meter, Verdict

_USUAL_RATE_LIMITS = {
    "x-ratelimit-limit-requests": "10000",
    "x-ratelimit-limit-tokens": "30000000",
    "x-ratelimit-remaining-requests": "9999",
    "x-ratelimit-remaining-tokens": "29999987",
    "x-ratelimit-reset-requests": "6ms",
    "x-ratelimit-reset-tokens": "0s",
}


def durations(seconds: float) -> str:
    """Seconds as OpenAI writes them: `6ms`, `1.2s`, `6m0s`, `1h2m3s`."""
    if seconds < 1:
        milliseconds = round(seconds * 1000)
        return f"{milliseconds}ms" if milliseconds else "0s"
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    text = f"{round(left, 3):g}s"
    if hours:
        return f"{int(hours)}h{int(minutes)}m{text}"
    return f"{int(minutes)}m{text}" if minutes else text


def reply_headers(request_id: str, verdict: Verdict | None, *, limits: bool = True) -> dict[str, str]:
    """The headers of a reply; `limits` says whether the endpoint is rate limited."""
    headers = {
        "x-request-id": request_id,
        "openai-organization": "org-simulated",
        "openai-processing-ms": "12",
        "openai-version": "2020-10-01",
    }
    if limits:
        headers |= _USUAL_RATE_LIMITS if verdict is None else _USUAL_RATE_LIMITS | rate_limit_headers(verdict)
    return headers


def rate_limit_headers(verdict: Verdict) -> dict[str, str]:
    """The meters of a limit, counting down."""
    return _meter_headers("requests", verdict.requests) | _meter_headers("tokens", verdict.tokens)


def _meter_headers(kind: str, meter: Meter | None) -> dict[str, str]:
    if meter is None:
        return {}
    return {
        f"x-ratelimit-limit-{kind}": str(meter.limit),
        f"x-ratelimit-remaining-{kind}": str(meter.remaining),
        f"x-ratelimit-reset-{kind}": durations(meter.reset_seconds),
    }
