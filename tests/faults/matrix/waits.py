"""A rate limit that says when to come again, in many forms: faults 19 to 25."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from tenacity import wait_none

from core.llms import RateLimitError, RetryPolicy
from tests.faults.matrix.fault import Ending, Fault, Send, Serve, both, head, whole
from tests.support.raw_server import Exchange

BODY = json.dumps({"error": {"message": "slower", "type": "requests", "param": None, "code": None}}).encode()
LONG_AGO = "retry-after: Wed, 21 Oct 2015 07:28:00 GMT"


def limited(line: str, times: int = 1_000_000) -> Serve:
    """Say no with this header, so many times; `{soon}` in it is a date in 3 seconds, `{date}` one in 30."""

    async def serve(exchange: Exchange, send: Send) -> None:
        if exchange.number > times:
            await whole(exchange, send)
            return
        dates = {"soon": http_date(3), "date": http_date(30)}
        lines = line.format(**dates), "Content-Type: application/json", f"Content-Length: {len(BODY)}"
        await send(head(exchange, *lines, status="429 X") + BODY)

    return serve


def http_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def told(number: int, name: str, line: str, seconds: Any) -> Fault:
    """Make a fault whose error tells how long to wait."""
    return both(number, f"{name} is told", limited(line), RateLimitError, retry_after_seconds=seconds)


def kept(number: int, name: str, line: str, least_wait_seconds: float = 0.0, **facts: Any) -> Fault:
    """Make a fault after which the call is made again, not before the server's time."""
    facts = {"retry": RetryPolicy(wait=wait_none()), "timeout_seconds": 3, **facts}
    serve = limited(line, times=1)
    return both(number, name, serve, "Hello", requests=2, least_wait_seconds=least_wait_seconds, **facts)


def refused(number: int, name: str, line: str) -> Fault:
    """Make a fault whose wait is too long to be kept: the error comes at once."""
    ending: Ending = RateLimitError
    retry = RetryPolicy(wait=wait_none())
    return both(number, name, limited(line, times=1), ending, requests=1, retry=retry, timeout_seconds=3)


FAULTS = (
    kept(19, "whole seconds are waited for", "retry-after: 1", 1.0, is_slow=True, most_seconds=2.5),
    told(19, "an int", "retry-after: 7", 7.0),
    kept(20, "a float is waited for", "retry-after: 0.15", 0.15),
    told(20, "a float", "retry-after: 0.25", 0.25),
    kept(21, "milliseconds are waited for", "retry-after-ms: 150", 0.15),
    told(21, "milliseconds", "retry-after-ms: 250", 0.25),
    kept(
        22, "a date is waited for", "retry-after: {soon}", 1.8, is_slow=True, timeout_seconds=6, most_seconds=4.5
    ),
    told(22, "a date", "retry-after: {date}", pytest.approx(30, abs=3)),
    refused(22, "a date beyond the deadline", "retry-after: {date}"),
    kept(23, "a past date", LONG_AGO),
    told(23, "a past date", LONG_AGO, 0.0),
    refused(24, "a billion", "retry-after: 1000000000"),
    refused(24, "too long to wait for", "retry-after: 61"),
    told(24, "a billion", "retry-after: 1000000000", 1e9),
    kept(25, "garbage is ignored", "retry-after: soon"),
    told(25, "garbage", "retry-after: soon", None),
    told(25, "nan", "retry-after: nan", None),
    told(25, "a negative number", "retry-after: -5", None),
    told(25, "an infinite number", "retry-after: 1e400", None),
    told(25, "a number beyond any date", "retry-after: 99999999999999999999999", None),
)  # fmt: skip
