"""Limits that are set are kept: true 429s, meters that count down and refill."""

from __future__ import annotations

import pytest

from core.llms.simulator import Simulator
from core.llms.simulator.openai.headers import durations
from core.llms.simulator.rate_limits import RateLimits
from tests.unit.simulator.calls import CHAT, MODEL, RESPONSES, chat_body, post, response_body

AZURE = {"api-key": "azure-test"}


async def test_requests_over_the_limit_are_refused_with_the_vendors_body(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=2)
    first = await post(sim, CHAT, chat_body())
    second = await post(sim, RESPONSES, response_body())
    third = await post(sim, CHAT, chat_body())
    assert (first.status, second.status, third.status) == (200, 200, 429)
    assert first.headers["x-ratelimit-limit-requests"] == "2"
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert second.headers["x-ratelimit-remaining-requests"] == "0"
    assert third.error["code"] == "rate_limit_exceeded"
    assert third.error["type"] == "requests"
    assert third.error["message"].startswith(
        f"Rate limit reached for {MODEL} in organization org-simulated on requests"
    )
    assert 1 <= int(third.headers["retry-after"]) <= 30
    assert 0 < int(third.headers["retry-after-ms"]) <= 30_000


async def test_tokens_over_the_limit_are_refused_and_take_nothing(sim: Simulator) -> None:
    sim.rate_limit(tokens_per_minute=1_000)
    assert (await post(sim, CHAT, chat_body(max_tokens=900))).status == 200
    refused = await post(sim, CHAT, chat_body(max_tokens=900))
    assert (refused.status, refused.error["type"]) == (429, "tokens")
    assert "Requested 909" in refused.error["message"]
    assert (await post(sim, CHAT, chat_body())).status == 200


async def test_a_request_larger_than_the_limit_can_never_pass(sim: Simulator) -> None:
    sim.rate_limit(tokens_per_minute=100)
    refused = await post(sim, CHAT, chat_body(max_tokens=900))
    assert refused.error["message"].startswith(f"Request too large for {MODEL}")
    assert "retry-after" not in refused.headers


async def test_limits_are_apart_for_keys_and_models(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    assert (await post(sim, CHAT, chat_body())).status == 200
    assert (await post(sim, CHAT, chat_body(), headers={"Authorization": "Bearer other"})).status == 200
    assert (await post(sim, CHAT, chat_body() | {"model": "gpt-4o"})).status == 200
    assert (await post(sim, CHAT, chat_body())).status == 429


async def test_azure_words_its_refusal_in_its_own_way(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    path = "/azure/openai/v1/chat/completions"
    assert (await post(sim, path, chat_body(), headers=AZURE)).headers["x-ratelimit-remaining-requests"] == "0"
    refused = await post(sim, path, chat_body(), headers=AZURE)
    assert refused.status == 429
    assert refused.error["code"] == "RateLimitReached"
    assert refused.error["message"] == refused.error["details"]
    assert refused.headers["retry-after"]


async def test_limits_can_be_lifted(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    await post(sim, CHAT, chat_body())
    sim.rate_limit()
    assert (await post(sim, CHAT, chat_body())).status == 200


def test_buckets_refill_with_time() -> None:
    now = 100.0
    limits = RateLimits(clock=lambda: now)
    limits.configure(60, None)
    verdicts = [limits.admit("key", "model", 1) for _ in range(61)]
    refused = verdicts[-1]
    assert refused is not None
    assert (refused.refused_by, refused.retry_after_seconds) == ("requests", 1.0)
    now = 101.0
    passed = limits.admit("key", "model", 1)
    assert passed is not None
    assert passed.refused_by is None


def test_impossible_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        RateLimits().configure(0, None)
    with pytest.raises(ValueError, match="at least 1"):
        RateLimits().configure(None, -1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (0.006, "6ms"), (1.2, "1.2s"), (20, "20s"), (71.339, "1m11.339s"), (360, "6m0s"), (3723, "1h2m3s")],
)
def test_durations_are_written_as_the_vendor_writes_them(seconds: float, text: str) -> None:
    assert durations(seconds) == text
