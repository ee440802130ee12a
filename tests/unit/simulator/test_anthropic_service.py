"""What surrounds the simulated Anthropic's answers: the prompt cache, limits, faults, models, the environment."""

from __future__ import annotations

import pytest

from core.llms.simulator import Simulator
from core.llms.simulator.prompt_cache import CacheUse, PromptCache, Segment
from tests.unit.simulator.anthropic_calls import NEW, ask, events, message_body, text, user
from tests.unit.simulator.calls import get


async def test_cache_reads_and_writes_by_breakpoint_and_time(sim: Simulator) -> None:
    long = text("word " * 5_000, cache_control={"type": "ephemeral", "ttl": "1h"})
    body = message_body(system=[long], messages=[user(text("Hello!", cache_control={"type": "ephemeral"}))])
    usages = [(await ask(sim, body)).json["usage"] for _ in range(2)]
    assert [usage["cache_creation"] for usage in usages] == [
        {"ephemeral_5m_input_tokens": 9, "ephemeral_1h_input_tokens": 5001},
        {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
    ]
    assert [usage["cache_read_input_tokens"] for usage in usages] == [0, 5010]
    assert [usage["input_tokens"] for usage in usages] == [0, 0]
    other = (await ask(sim, body | {"messages": [user("Bye!")]})).json["usage"]
    assert (other["cache_read_input_tokens"], other["input_tokens"]) == (5001, 9)
    short = (await ask(sim, message_body(cache_control={"type": "ephemeral"}))).json["usage"]
    assert short["cache_creation_input_tokens"] == 0


def test_cache_forgets_when_its_time_is_over() -> None:
    now = [0.0]
    cache = PromptCache(clock=lambda: now[0])
    prompt = [Segment(b"a", 600, "5m"), Segment(b"b", 10)]
    assert cache.use("k", "m", prompt, 512) == CacheUse(10, 0, 600)
    now[0] = 299.0
    assert cache.use("k", "m", prompt, 512) == CacheUse(10, 600)
    now[0] = 299.0 + 301.0
    assert cache.use("k", "m", prompt, 512) == CacheUse(10, 0, 600)
    assert cache.use("other", "m", prompt, 512) == CacheUse(10, 0, 600)


@pytest.mark.parametrize(
    ("status", "error_type"),
    [
        (400, "invalid_request_error"),
        (402, "billing_error"),
        (403, "permission_error"),
        (409, "conflict_error"),
        (413, "request_too_large"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (503, "api_error"),
        (504, "timeout_error"),
        (529, "overloaded_error"),
    ],
)
async def test_faults_have_the_vendors_types(sim: Simulator, status: int, error_type: str) -> None:
    received = await ask(sim, message_body(), fault={"status": status, "retry_after": "7"})
    assert (received.status, received.error["type"], received.headers["retry-after"]) == (status, error_type, "7")
    assert received.headers["x-should-retry"] == ("true" if status in (409, 429) or status >= 500 else "false")


async def test_error_inside_a_stream_is_an_event(sim: Simulator) -> None:
    received = await ask(sim, message_body(stream=True), fault={"error_after_events": 2})
    assert events(received)[2][1]["error"] == {"type": "overloaded_error", "message": "Overloaded"}


async def test_rate_limits_count_down_and_refuse(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1, tokens_per_minute=1_000_000)
    first = await ask(sim, message_body())
    second = await ask(sim, message_body())
    assert first.headers["anthropic-ratelimit-requests-remaining"] == "0"
    assert (second.status, second.error["type"]) == (429, "rate_limit_error")
    assert "rate limit of 1 requests per minute" in second.error["message"]
    assert int(second.headers["retry-after"]) > 0
    sim.rate_limit(tokens_per_minute=100)
    assert (await ask(sim, message_body())).headers["x-should-retry"] == "false"


async def test_models_are_listed_in_pages_in_their_rich_form(sim: Simulator) -> None:
    page = (await get(sim, "/anthropic/v1/models?limit=2", headers=NEW)).json
    assert page["has_more"] is True
    rest = (await get(sim, f"/anthropic/v1/models?after_id={page['last_id']}&limit=1000", headers=NEW)).json
    back = (await get(sim, f"/anthropic/v1/models?before_id={rest['first_id']}", headers=NEW)).json
    assert back["data"] == page["data"]
    retired = (await get(sim, "/anthropic/v1/models?lifecycle[]=retired", headers=NEW)).json["data"]
    assert {card["lifecycle"] for card in retired} == {"retired"}
    card = (await get(sim, "/anthropic/v1/models/claude-sonnet-4-6", headers=NEW)).json
    assert (card["max_input_tokens"], card["max_tokens"]) == (1_000_000, 128_000)
    assert card["capabilities"]["thinking"]["types"]["enabled"] == {"supported": True}
    assert (await get(sim, "/anthropic/v1/models/nothing", headers=NEW)).status == 404
    assert (await get(sim, "/anthropic/v1/models?limit=0", headers=NEW)).status == 400


async def test_environment_points_at_the_simulator(sim: Simulator) -> None:
    variables = sim.environment()
    assert variables["ANTHROPIC_BASE_URL"] == sim.anthropic_base_url
    headers = {"x-api-key": variables["ANTHROPIC_API_KEY"], "anthropic-version": "2026-10-21"}
    received = await ask(sim, message_body("What did the tool say?", messages=[user("Say: hi")]), headers=headers)
    assert received.json["content"][0]["text"] == "hi"
    assert sim.requests[-1].headers["x-api-key"] == "[redacted]"
