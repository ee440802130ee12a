from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.llms.wires.retry_headers import parse_retry_after, parse_should_retry

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "20"}, 20.0),
        ({"Retry-After": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "1000000000"}, 1e9),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250.5", "retry-after": "9"}, 0.2505),
        ({"retry-after-ms": "0", "retry-after": "1"}, 1.0),
        ({"retry-after-ms": "0"}, 0.0),
        ({"retry-after-ms": "garbage", "retry-after": "3"}, 3.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 14:00:30 +0200"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30"}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
    ],
)
def test_retry_after_is_read_in_every_form(headers: dict[str, str], seconds: float) -> None:
    assert parse_retry_after(headers, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "nan", "inf", "-inf", "Infinity", "-5", "1e3", "1_000", "0x10", "١٢", "1.2.3", ".", "soon", "1;2",
        "9" * 30, "9" * 400, "Sat, 99 Nov 2026 12:00:30 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "(((",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["retry-after", "retry-after-ms"])
def test_retry_after_that_is_nonsense_counts_as_absent(name: str, value: str) -> None:
    assert parse_retry_after({name: value}, NOW) is None


def test_retry_after_without_header_is_none() -> None:
    assert parse_retry_after({"content-type": "text/plain"}) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"x-should-retry": "true"}, True),
        ({"X-Should-Retry": " FALSE "}, False),
        ({"x-should-retry": "maybe"}, None),
        ({}, None),
    ],
)
def test_should_retry_is_the_servers_word(headers: dict[str, str], expected: bool | None) -> None:
    assert parse_should_retry(headers) is expected
