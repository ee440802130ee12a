"""How vendors tell in headers what is left of a rate limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.openai.headers import durations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.llms.simulator.rate_limits import Meter, Verdict


def limit_headers(
    usual: Mapping[str, str], limit: str, remaining: str, reset: str | None = None, *, requests: str = "requests"
) -> Callable[[Verdict | None], dict[str, str]]:
    """Headers whose names are patterns with the place {kind}: `tokens`, or what the vendor calls `requests`.

    `usual` are those of an account without limits of its own; `reset` counts down as OpenAI writes durations.
    """

    def write(verdict: Verdict | None) -> dict[str, str]:
        headers = dict(usual)
        for kind, meter in _meters(verdict, requests).items():
            if meter is None:
                continue
            headers[limit.format(kind=kind)] = str(meter.limit)
            headers[remaining.format(kind=kind)] = str(meter.remaining)
            if reset is not None:
                headers[reset.format(kind=kind)] = durations(meter.reset_seconds)
        return headers

    return write


def _meters(verdict: Verdict | None, requests: str) -> dict[str, Meter | None]:
    return {} if verdict is None else {requests: verdict.requests, "tokens": verdict.tokens}
