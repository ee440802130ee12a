"""What vendors' headers say of their limits is read as they mean it; nonsense is nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.llms.runtime.limits.headers import Reading, parse_reset, read_limits

NOW = datetime(2026, 11, 28, 12, 0, 0, tzinfo=UTC)

# As recorded exchanges and the vendors' pages have them.
SAID: list[tuple[str, dict[str, str], dict[str, Reading]]] = [
    (
        "minute's limits with durations",
        {
            "X-RateLimit-Limit-Requests": "10000",
            "x-ratelimit-limit-tokens": "30000000",
            "x-ratelimit-remaining-requests": "9999",
            "x-ratelimit-remaining-tokens": "29999987",
            "x-ratelimit-reset-requests": "6ms",
            "x-ratelimit-reset-tokens": "0s",
        },
        {
            "requests_per_minute": Reading(10_000, 9_999, 0.006),
            "tokens_per_minute": Reading(30_000_000, 29_999_987, 0.0),
        },
    ),
    (
        "a day's requests, told by how slowly they come back",
        {
            "x-ratelimit-limit-requests": "14400",
            "x-ratelimit-limit-tokens": "18000",
            "x-ratelimit-remaining-requests": "14370",
            "x-ratelimit-remaining-tokens": "17997",
            "x-ratelimit-reset-requests": "2m59.56s",
            "x-ratelimit-reset-tokens": "7.66ms",
        },
        {
            "requests_per_day": Reading(14_400, 14_370, 179.56),
            "tokens_per_minute": Reading(18_000, 17_997, 0.00766),
        },
    ),
    (
        "moments at which limits are full again, input and output apart",
        {
            "anthropic-ratelimit-requests-limit": "50",
            "anthropic-ratelimit-requests-remaining": "49",
            "anthropic-ratelimit-requests-reset": "2026-11-28T12:00:01Z",
            "anthropic-ratelimit-input-tokens-limit": "30000",
            "anthropic-ratelimit-input-tokens-remaining": "0",
            "anthropic-ratelimit-input-tokens-reset": "2026-11-28T12:01:00Z",
            "anthropic-ratelimit-output-tokens-remaining": "8000",
            "anthropic-ratelimit-unified-status": "allowed",
        },
        {
            "requests_per_minute": Reading(50, 49, 1.0),
            "input_tokens_per_minute": Reading(30_000, 0, 60.0),
            "output_tokens_per_minute": Reading(None, 8_000, None),
        },
    ),
    (
        "a period in seconds, seconds until then",
        {
            "x-ratelimit-limit-requests": "120",
            "x-ratelimit-remaining-requests": "119",
            "x-ratelimit-renewalperiod-requests": "60",
            "x-ratelimit-reset-requests": "1",
            "x-ratelimit-abusepenalty-active": "False",
        },
        {"requests_per_minute": Reading(120, 119, 1.0)},
    ),
    (
        "spans in the names; months, hours, costs, sound and images are of no concern",
        {
            "x-ratelimit-limit-req-minute": "360",
            "x-ratelimit-remaining-req-minute": "359",
            "x-ratelimit-limit-requests-day": "2880000",
            "x-ratelimit-remaining-tokens-hour": "9223372036854767616",
            "x-ratelimit-limit-tokens-month": "1000000000",
            "x-ratelimit-tokens-query-cost": "109",
            "x-ratelimit-limit-audio-seconds-minute": "2000",
            "x-ratelimit-limit-input-images": "250000",
            "x-ratelimit-limit-tokens_usage_based": "160000",
        },
        {"requests_per_minute": Reading(360, 359, None), "requests_per_day": Reading(2_880_000, None, None)},
    ),
    ("requests, where nothing else is said", {"x-ratelimit-limit": "2"}, {"requests_per_minute": Reading(2)}),
    ("other headers", {"retry-after": "3", "content-type": "text/html", "ratelimit-policy": "x"}, {}),
]


@pytest.mark.parametrize(("headers", "said"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_limits_are_read_from_headers(headers: dict[str, str], said: dict[str, Reading]) -> None:
    assert read_limits(headers, NOW) == said


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6m0s", 360.0),
        ("1h2m3s", 3723.0),
        ("26ms", 0.026),
        ("1m0.5s", 60.5),
        ("18", 18.0),
        ("1795867230", 30.0),
        ("1795867230000", 30.0),
        ("2026-11-28T13:00:00+00:00", 3600.0),
        ("2026-11-28T11:00:00Z", 0.0),
    ],
)
def test_reset_is_read_in_every_form(text: str, seconds: float) -> None:
    assert parse_reset(text, NOW) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "soon", "-1", "nan", "inf", "1e9", "٣", "2026-11-28T13:00:00", "1d x", "9" * 400])
def test_nonsense_is_no_reset(text: str) -> None:
    assert parse_reset(text, NOW) is None


def test_nonsense_is_no_limit() -> None:
    said = {"x-ratelimit-limit-requests": "0", "x-ratelimit-remaining-requests": "-3", "x-ratelimit-limit-tokens": "∞"}

    assert read_limits(said) == {"requests_per_minute": Reading(), "tokens_per_minute": Reading()}
