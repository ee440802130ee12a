"""What DeepSeek says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialect."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.llms.errors import MissingCredentialError, QuotaExceededError, UnsupportedParameterError
from core.llms.providers.deepseek import create_deepseek_llm
from core.llms.types.events import StreamFinished
from core.llms.types.message_dicts import parse_message, parse_messages
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.support.raw_server import Exchange, raw_server

USER = {"role": "user", "content": "What day is it?"}
CALL = {"id": "call_00_Goi", "type": "function", "function": {"name": "today", "arguments": "{}"}}
MESSAGE = {
    "role": "assistant",
    "content": "",
    "reasoning_content": "Ask the tool.",
    "tool_calls": [{**CALL, "index": 0}],
}
USAGE = {
    "prompt_tokens": 416,
    "completion_tokens": 48,
    "total_tokens": 464,
    "prompt_cache_hit_tokens": 256,
    "prompt_cache_miss_tokens": 160,
}
BODY = {
    "id": "1",
    "model": "deepseek-flash",
    "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "tool_calls", "logprobs": None}],
    "usage": USAGE,
}


def wire() -> OpenAIChatWire:
    made = create_deepseek_llm("deepseek-flash", api_key="k").wire
    assert isinstance(made, OpenAIChatWire)
    return made


def render(*messages: Any, **params: Any) -> dict[str, Any]:
    return wire().render_request(LLMRequest("m", parse_messages(list(messages)), params)).body


@pytest.mark.parametrize(
    ("effort", "fields"),
    [
        ("none", {"thinking": {"type": "disabled"}}),
        ("low", {"thinking": {"type": "enabled"}, "reasoning_effort": "low"}),
        ("max", {"thinking": {"type": "enabled"}, "reasoning_effort": "max"}),
    ],
)
def test_effort_switches_thinking(effort: str, fields: dict[str, Any]) -> None:
    assert render(USER, reasoning_effort=effort) == {"model": "m", "messages": [USER], **fields}


def test_without_effort_nothing_is_said_of_thinking() -> None:
    body = render({"role": "developer", "content": "Brief."}, USER, max_tokens=9)
    assert body == {"model": "m", "messages": [{"role": "system", "content": "Brief."}, USER], "max_tokens": 9}


def test_reasoning_of_a_turn_with_calls_goes_back() -> None:
    answer = wire().parse_response(BODY)
    again = parse_message(json.loads(json.dumps(answer.message.to_dict())))
    sent = render(USER, again, {"role": "tool", "tool_call_id": "call_00_Goi", "content": "Monday"})["messages"][1]
    assert sent == {
        "role": "assistant",
        "content": None,
        "reasoning_content": "Ask the tool.",
        "tool_calls": [CALL],
    }
    plain = OpenAIChatWire().render_request(LLMRequest("m", (answer.message,)))
    assert "reasoning_content" not in plain.body["messages"][0]


def test_streamed_reasoning_goes_back_too() -> None:
    deltas = [{"role": "assistant", "content": None, "reasoning_content": ""}]
    deltas += [{"content": None, "reasoning_content": text} for text in ("Ask ", "the tool.")]
    chunks: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": delta}], "usage": None} for delta in deltas]
    chunks.append({"choices": [{"index": 0, "delta": {"tool_calls": [{**CALL, "index": 0}]}}]})
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}], "usage": USAGE})
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"
    last = wire().create_stream_decoder().feed(body)[-1]
    assert isinstance(last, StreamFinished)
    assert render(last.response.message)["messages"][0]["reasoning_content"] == "Ask the tool."


def test_calls_of_another_vendor_come_with_empty_reasoning() -> None:
    turn, plain = render(
        {"role": "assistant", "content": None, "tool_calls": [CALL]}, {"role": "assistant", "content": "Monday"}
    )["messages"]
    assert (turn["reasoning_content"], "reasoning_content" in plain) == ("", False)


@pytest.mark.parametrize("details", [{}, {"prompt_tokens_details": {"cached_tokens": 256}}])
def test_cached_tokens_are_read_in_both_forms(details: dict[str, Any]) -> None:
    usage = wire().parse_response({**BODY, "usage": {**USAGE, **details}}).usage
    assert (usage.input_tokens, usage.cache_read_tokens, usage.output_tokens) == (416, 256, 48)
    assert OpenAIChatWire().parse_response(BODY).usage.cache_read_tokens == 0


def test_lack_of_resources_is_an_error_and_lack_of_money_is_final() -> None:
    choice = {"index": 0, "message": {"content": "Mon"}, "finish_reason": "insufficient_system_resource"}
    assert wire().parse_response({**BODY, "choices": [choice]}).finish_reason.unified == "error"
    body = b'{"error": {"message": "Insufficient Balance", "type": "unknown_error", "code": "invalid_request_error"}}'
    assert type(wire().parse_error(402, {}, body)) is QuotaExceededError
    assert type(OpenAIChatWire().parse_error(402, {}, body)) is not QuotaExceededError


def test_sampling_is_refused_while_the_model_thinks_and_log_probabilities_are_not() -> None:
    metadata = create_deepseek_llm("deepseek-flash", api_key="k").metadata
    with pytest.raises(UnsupportedParameterError, match="reasoning_effort='none'"):
        metadata.validate_params({"temperature": 0.5})
    free = {"temperature": 0.5, "reasoning_effort": "none"}
    assert metadata.validate_params(free) == free
    assert metadata.validate_params({"logprobs": True, "top_logprobs": 2}) == {"logprobs": True, "top_logprobs": 2}
    with pytest.raises(UnsupportedParameterError, match="`top_logprobs`"):
        metadata.validate_params({"top_logprobs": 21})


def test_prices_double_in_the_morning_of_working_days() -> None:
    prices = create_deepseek_llm("deepseek-v4-pro", api_key="k").metadata.PRICES
    assert prices is not None
    friday, saturday = datetime(2026, 11, 20, 6, tzinfo=UTC), datetime(2026, 11, 21, 6, tzinfo=UTC)
    assert (prices.at(friday).output, prices.at(friday).cache_read) == (Decimal("3.96"), Decimal("0.044"))
    assert prices.at(saturday).output == Decimal("1.98")


async def test_responses_wire_sends_open_reasoning_back(monkeypatch: pytest.MonkeyPatch) -> None:
    reasoning = {
        "type": "reasoning", "id": "r1", "status": "completed", "summary": [],
        "content": [{"type": "reasoning_text", "text": "Ask."}],
    }  # fmt: skip
    call = {
        "type": "function_call",
        "id": "f1",
        "call_id": "c1",
        "name": "today",
        "arguments": "{}",
        "status": "completed",
    }
    answer = {
        "id": "1",
        "status": "completed",
        "output": [reasoning, call],
        "usage": {"input_tokens": 3, "output_tokens": 2},
    }

    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(answer).encode())

    monkeypatch.setenv("DEEPSEEK_API_KEY", "k-1")
    async with (
        raw_server(handle) as server,
        create_deepseek_llm("deepseek-flash", wire="responses", base_url=server.url) as llm,
    ):
        response: LLMResponse = await llm.get_answer([USER], reasoning_effort="low")
        assert isinstance(llm.wire, OpenAIResponsesWire)
        rendered = llm.wire.render_request(LLMRequest("m", (response.message,)))
    assert server.exchanges[0].head.startswith(b"POST /responses ")
    assert b"Authorization: Bearer k-1" in server.exchanges[0].head
    sent = json.loads(server.exchanges[0].body)
    assert (sent["reasoning"], "include" in sent) == ({"effort": "low"}, False)
    assert response.reasoning == "Ask."
    assert [item["type"] for item in rendered.body["input"]] == ["reasoning", "function_call"]
    assert rendered.body["input"][0]["content"] == reasoning["content"]


def test_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    with pytest.raises(MissingCredentialError, match="DEEPSEEK_API_KEY"):
        create_deepseek_llm("deepseek-flash")
