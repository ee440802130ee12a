"""What OpenRouter says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialect."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    ContentFilterError,
    ContextLengthExceededError,
    OverloadedError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.providers.openrouter import create_openrouter_llm
from core.llms.providers.openrouter.base_implementation import read_cost
from core.llms.types.content import CachePoint, ImagePart, TextPart
from core.llms.types.events import StreamFinished
from core.llms.types.message_dicts import parse_message, parse_messages
from core.llms.types.messages import AssistantMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.support.raw_server import Exchange, raw_server

DETAILS = [
    {"type": "reasoning.summary", "summary": "**Look**", "format": "openai-responses-v1", "index": 0},
    {"type": "reasoning.encrypted", "data": "gAAAAAB", "id": "rs_1", "format": "openai-responses-v1", "index": 0},
]
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
MESSAGE = {
    "role": "assistant",
    "content": None,
    "reasoning": "**Look**",
    "reasoning_details": DETAILS,
    "tool_calls": [CALL],
}
USAGE = {
    "prompt_tokens": 254,
    "completion_tokens": 5,
    "total_tokens": 259,
    "cost": 0.000837,
    "is_byok": False,
    "cost_details": {"upstream_inference_cost": 0.000837},
    "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
}
BODY = {
    "id": "gen-1",
    "model": "openai/gpt-6-sol",
    "provider": "OpenAI",
    "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "tool_calls", "native_finish_reason": "completed"}],
    "usage": USAGE,
}


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_REFERER", "X_OPEN_ROUTER_TITLE", "X_OPEN_ROUTER_CATEGORIES"):
        monkeypatch.delenv(f"OPENROUTER_{name}", raising=False)


def wire() -> OpenAIChatWire:
    made = create_openrouter_llm("openai/gpt-6-sol", api_key="k").wire
    assert isinstance(made, OpenAIChatWire)
    return made


def stream(*chunks: dict[str, Any]) -> bytes:
    events = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)
    return b": OPENROUTER PROCESSING\n\n" + events + b"data: [DONE]\n\n"


def test_effort_and_summary_go_into_one_object() -> None:
    messages = parse_messages([{"role": "developer", "content": "Brief."}, {"role": "user", "content": "Hi"}])
    params = {"max_tokens": 9, "reasoning_effort": "low", "reasoning_summary": "auto", "top_k": 5}
    assert wire().render_request(LLMRequest("m", messages, params)).body == {
        "model": "m",
        "messages": [{"role": "system", "content": "Brief."}, {"role": "user", "content": "Hi"}],
        "max_tokens": 9,
        "top_k": 5,
        "reasoning": {"effort": "low", "summary": "auto"},
    }


def test_routing_passes_through() -> None:
    options = {"models": ["x-ai/grok-4.7"], "provider": {"only": ["xai"]}, "reasoning": {"max_tokens": 2000}}
    request = LLMRequest("m", parse_messages("Hi"), {"reasoning_effort": "low"}, provider_options=options)
    body = wire().render_request(request).body
    assert {name: body[name] for name in options} == options
    assert "reasoning_effort" not in body


def test_reasoning_details_go_back_whole_and_in_order() -> None:
    answer = wire().parse_response(BODY)
    again = parse_message(json.loads(json.dumps(answer.message.to_dict())))
    (sent,) = wire().render_request(LLMRequest("m", (again,))).body["messages"]
    assert sent == MESSAGE
    (plain,) = OpenAIChatWire().render_request(LLMRequest("m", (again,))).body["messages"]
    assert "reasoning_details" not in plain


def test_streamed_reasoning_details_go_back_too() -> None:
    deltas: list[dict[str, Any]] = [
        {"reasoning": "**Lo", "reasoning_details": [{**DETAILS[0], "summary": "**Lo"}]},
        {"reasoning": "ok**", "reasoning_details": [{**DETAILS[0], "summary": "ok**"}]},
        {"reasoning": None, "reasoning_details": [DETAILS[1]]},
        {"tool_calls": [{**CALL, "index": 0}]},
    ]
    chunks: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}], "usage": USAGE})
    last = wire().create_stream_decoder().feed(stream(*chunks))[-1]
    assert isinstance(last, StreamFinished)
    assert wire().render_request(LLMRequest("m", (last.response.message,))).body["messages"] == [MESSAGE]
    assert last.response.usage.reported_cost == Decimal("0.000837")


@pytest.mark.parametrize(
    ("changes", "cost"),
    [
        ({}, "0.000837"),
        ({"cost": 0}, "0"),
        ({"cost": 1e-05}, "0.00001"),
        ({"cost": 0.0000419, "is_byok": True}, "0.0008789"),
        ({"is_byok": True, "cost_details": None}, None),
        ({"cost": None}, None),
        ({"cost": "0.1"}, None),
        ({"cost": -1}, None),
    ],
)
def test_cost_is_openrouters_own_figure(changes: dict[str, Any], cost: str | None) -> None:
    assert read_cost({**USAGE, **changes}) == (None if cost is None else Decimal(cost))


@pytest.mark.parametrize(
    ("status", "metadata", "kind"),
    [
        (402, {}, QuotaExceededError),
        (429, {"error_type": "rate_limit_exceeded"}, RateLimitError),
        (400, {"error_type": "context_length_exceeded"}, ContextLengthExceededError),
        (403, {"flagged_input": "…", "reasons": ["violence"]}, ContentFilterError),
        (502, {"error_type": "provider_unavailable"}, ServerError),
        (503, {"error_type": "provider_overloaded"}, OverloadedError),
        (408, {"error_type": "timeout"}, ServerError),
    ],
)
def test_errors_are_of_the_class_they_mean(status: int, metadata: dict[str, Any], kind: type[APIError]) -> None:
    payload = {"error": {"code": status, "message": "No.", "metadata": metadata}}
    error = wire().parse_error(status, {}, json.dumps(payload).encode())
    assert (type(error), error.status, error.code) == (kind, status, str(status))
    assert error.type == (metadata.get("error_type") or ("content_policy_violation" if metadata else None))
    begun = {"choices": [{"index": 0, "delta": {"content": "Hel"}}]}
    broken = {**payload, "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]}
    with pytest.raises(kind) as caught:
        wire().create_stream_decoder().feed(stream(begun, broken))
    assert type(caught.value) is kind


def test_embeddings_ask_in_openrouters_form_and_cost_what_it_says() -> None:
    request = EmbeddingRequest("openai/text-embedding-3-small", ("a",), dimensions=2, input_type="query")
    assert wire().render_embeddings(request).body == {
        "model": "openai/text-embedding-3-small",
        "input": ["a"],
        "dimensions": 2,
        "input_type": "query",
        "encoding_format": "float",
    }
    body = {
        "data": [{"index": 0, "embedding": [1, 0]}],
        "usage": {"prompt_tokens": 6, "total_tokens": 6, "cost": 1.2e-07},
    }
    assert wire().parse_embeddings(body).usage.reported_cost == Decimal("0.00000012")


async def test_call_names_the_application_and_costs_what_openrouter_says(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    monkeypatch.setenv("OPENROUTER_API_KEY", "k-1")
    monkeypatch.setenv("OPENROUTER_X_OPEN_ROUTER_TITLE", "Environment")
    async with (
        raw_server(handle) as server,
        create_openrouter_llm("openai/gpt-6-sol", base_url=f"{server.url}/api/v1", referer="https://a.example") as llm,
    ):
        response = await llm.get_answer("Hi")
    head = server.exchanges[0].head
    assert head.startswith(b"POST /api/v1/chat/completions ")
    for header in (
        b"Authorization: Bearer k-1",
        b"HTTP-Referer: https://a.example",
        b"X-OpenRouter-Title: Environment",
    ):
        assert header in head
    assert b"X-OpenRouter-Categories" not in head
    assert (response.cost, response.cost_unknown_reason) == (Decimal("0.000837"), None)


async def test_model_that_is_not_listed_has_its_cost_all_the_same() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    async with raw_server(handle) as server:
        with pytest.warns(UserWarning, match="not a listed model"):
            llm = create_openrouter_llm("some/other-model", api_key="k", base_url=server.url)
        async with llm:
            assert (await llm.get_answer("Hi")).cost == Decimal("0.000837")


def test_responses_wire_reads_the_cost_too() -> None:
    made = create_openrouter_llm("openai/gpt-6-sol", api_key="k", wire="responses").wire
    assert isinstance(made, OpenAIResponsesWire)
    answer = {"status": "completed", "output": [], "usage": {"input_tokens": 1, "output_tokens": 2, "cost": 0.5}}
    assert made.parse_response(answer).usage.reported_cost == Decimal("0.5")


def test_cache_points_mark_the_block_before_them() -> None:
    messages = (
        SystemMessage((TextPart("Long."), CachePoint("1h"))),
        UserMessage((CachePoint(), ImagePart(url="https://a.example/b.png"), CachePoint(), TextPart("?"))),
        AssistantMessage((TextPart("A kiwi."), CachePoint())),
        ToolMessage((TextPart("fog"), CachePoint()), "c1"),
    )
    rendered = wire().render_request(LLMRequest("m", messages))
    short, long = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}
    assert [message["content"] for message in rendered.body["messages"]] == [
        [{"type": "text", "text": "Long.", "cache_control": long}],
        [
            {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}, "cache_control": short},
            {"type": "text", "text": "?"},
        ],
        [{"type": "text", "text": "A kiwi.", "cache_control": short}],
        "fog",
    ]
    assert [warning.partition(":")[0] for warning in rendered.warnings] == [
        "messages[1]",
        "cache points were left out",
    ]
    plain = OpenAIChatWire().render_request(LLMRequest("m", messages))
    assert "cache_control" not in json.dumps(plain.body)
