"""Every recorded chat-completions exchange, held against what is plainly in its bytes.

The expectation is read here anew, by walking the JSON, and shares no code with the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.llms.errors import (
    APIError,
    BadRequestError,
)
from core.llms.providers.deepseek import DeepSeekBaseLLM
from core.llms.providers.groq import GroqBaseLLM
from core.llms.providers.mistral import MistralBaseLLM
from core.llms.providers.openrouter import OpenRouterBaseLLM
from core.llms.providers.xai import XaiBaseLLM
from core.llms.types.content import OpaquePart
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
)
from core.llms.types.response import LLMResponse
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges, requires_corpus
from tests.wires.splitting import assert_same_at_every_cut

# Vendors with a room of their own are read in its dialect.
DIALECTS = {
    llm.PROVIDER: llm.CHAT_DIALECT
    for llm in (DeepSeekBaseLLM, GroqBaseLLM, MistralBaseLLM, OpenRouterBaseLLM, XaiBaseLLM)
}
# These vendors' streams end without `[DONE]`; whether one does is the vendor's dialect.
WITHOUT_DONE = ("perplexity/", "gpustack/", "huggingface/")

CHAT = load_exchanges(api="chat_completions")
OK = [exchange for exchange in CHAT if exchange.status == 200]
STREAMS = [exchange for exchange in OK if exchange.is_stream and "error" not in exchange.features]
WHOLE = [exchange for exchange in OK if not exchange.is_stream]
STREAM_ERRORS = [exchange for exchange in OK if exchange.is_stream and "error" in exchange.features]


@dataclass
class Expected:
    """What one choice says."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    calls: list[list[str]] = field(default_factory=list)
    customs: int = 0
    finish_reason: str | None = None


def wire_for(exchange: Exchange) -> OpenAIChatWire:
    if dialect := DIALECTS.get(exchange.provider):
        return OpenAIChatWire(dialect)
    return OpenAIChatWire(ChatDialect(requires_done=not exchange.name.startswith(WITHOUT_DONE)))


def walk_chunks(body: bytes) -> Iterator[dict[str, Any]]:
    for line in body.decode().replace("\r\n", "\n").split("\n"):
        if line.startswith("data:") and line[5:].strip() not in ("", "[DONE]"):
            yield json.loads(line[5:])


def add_message(expected: Expected, message: dict[str, Any]) -> None:
    content = message.get("content") or ""
    if isinstance(content, list):
        for block in content:
            if block["type"] == "text":
                expected.text += block["text"]
            elif block["type"] == "thinking":
                expected.reasoning += "".join(item["text"] for item in block["thinking"])
    elif isinstance(content, dict):
        expected.text += json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    else:
        expected.text += content
    details = [block.get("text") or block.get("summary") for block in message.get("reasoning_details") or []]
    shown = "\n\n".join(text for text in details if text)
    expected.reasoning += message.get("reasoning_content") or message.get("reasoning") or shown
    expected.refusal += message.get("refusal") or ""


def expect_whole(body: dict[str, Any]) -> dict[int, Expected]:
    choices = {}
    for choice in body["choices"]:
        message = choice.get("message") or {}
        expected = choices[choice.get("index", 0)] = Expected(finish_reason=choice["finish_reason"])
        add_message(expected, message)
        for call in message.get("tool_calls") or []:
            if call.get("type") == "custom":
                expected.customs += 1
            else:
                expected.calls.append([call["function"]["name"], call["function"]["arguments"]])
    return choices


def expect_stream(body: bytes) -> dict[int, Expected]:
    choices: dict[int, Expected] = {}
    known: dict[tuple[int, Any], list[str]] = {}
    for chunk in walk_chunks(body):
        for choice in chunk.get("choices") or []:
            number = choice.get("index", 0)
            expected = choices.setdefault(number, Expected())
            delta = choice.get("delta") or {}
            add_message(expected, delta)
            expected.finish_reason = choice.get("finish_reason") or expected.finish_reason
            for call in delta.get("tool_calls") or []:
                function = call.get("function") or {}
                key = (number, call["index"] if "index" in call else call["id"])
                if key not in known:
                    known[key] = ["", ""]
                    expected.calls.append(known[key])
                known[key][0] = known[key][0] or function.get("name") or ""
                known[key][1] += function.get("arguments") or ""
    return choices


def last_usage(chunks: list[dict[str, Any]]) -> dict[str, Any] | None:
    said = [chunk.get("usage") or (chunk.get("x_groq") or {}).get("usage") for chunk in reversed(chunks)]
    return next((usage for usage in said if usage), None)


def check_choices(response: LLMResponse, expected: dict[int, Expected]) -> None:
    assert len(response.choices) == len(expected)
    for choice, wanted in zip(response.choices, (expected[index] for index in sorted(expected)), strict=True):
        message = choice.message
        assert message.text == wanted.text
        assert (message.reasoning or "") == wanted.reasoning
        assert (message.refusal or "") == wanted.refusal
        assert [[call.name, call.arguments_json] for call in message.tool_calls] == wanted.calls
        assert len([part for part in message.parts if isinstance(part, OpaquePart)]) == wanted.customs
        assert choice.finish_reason.raw == wanted.finish_reason
        for call in message.tool_calls:
            assert call.id
            assert (call.arguments, call.arguments_error is None) == read_arguments(call.arguments_json)
        if wanted.calls and wanted.finish_reason in ("stop", "tool_calls"):
            assert choice.finish_reason.unified == "tool_calls"


def read_arguments(text: str) -> tuple[dict[str, Any], bool]:
    """Models do write arguments that are not JSON, and one such is in the recordings."""
    try:
        return json.loads(text or "{}") or {}, True
    except ValueError:
        return {}, False


def check_usage(response: LLMResponse, raw: dict[str, Any] | None) -> None:
    usage = response.usage
    assert usage.raw == raw
    if raw is None:
        assert usage.total_tokens == 0
        return
    prompt, completion = raw.get("prompt_tokens") or 0, raw.get("completion_tokens") or 0
    prompt_details = raw.get("prompt_tokens_details") or {}
    reasoning = (raw.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0
    excess = (raw.get("total_tokens") or 0) - prompt - completion
    if excess > 0 and excess == reasoning:
        completion = raw["total_tokens"] - prompt
    elif excess > 0 and excess == (prompt_details.get("audio_tokens") or 0):
        prompt = raw["total_tokens"] - completion
    assert (usage.input_tokens, usage.output_tokens) == (prompt, completion)
    assert usage.cache_read_tokens == (
        prompt_details.get("cached_tokens") or raw.get("cached_tokens") or raw.get("prompt_cache_hit_tokens") or 0
    )
    assert usage.cache_write_tokens == (prompt_details.get("cache_write_tokens") or 0)
    assert usage.reasoning_tokens == reasoning


def decode(wire: OpenAIChatWire, chunks: list[bytes]) -> list[StreamEvent]:
    decoder = wire.create_stream_decoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.close()


def finish(events: list[StreamEvent]) -> LLMResponse:
    last = events[-1]
    assert isinstance(last, StreamFinished)
    return last.response


@pytest.mark.parametrize("exchange", exchange_params(WHOLE))
def test_recorded_answer_parses_to_what_is_in_it(exchange: Exchange) -> None:
    body = exchange.body
    response = wire_for(exchange).parse_response(body)
    check_choices(response, expect_whole(body))
    check_usage(response, body.get("usage"))
    assert response.raw == body
    assert response.model == (body.get("model") or "")


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_parses_to_what_is_in_it(exchange: Exchange) -> None:
    response = finish(decode(wire_for(exchange), [exchange.body_bytes]))
    check_choices(response, expect_stream(exchange.body_bytes))
    check_usage(response, last_usage(list(walk_chunks(exchange.body_bytes))))


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_gives_events_that_add_up_to_the_answer(exchange: Exchange) -> None:
    events = decode(wire_for(exchange), [exchange.body_bytes])
    assert isinstance(events[0], StreamStarted)
    assert [type(event) for event in events].count(StreamStarted) == 1
    for number, choice in enumerate(finish(events).choices):
        texts = [event.text for event in events if isinstance(event, TextDelta) and event.choice == number]
        assert "".join(texts) == choice.message.text
        reasoning = [event.text for event in events if isinstance(event, ReasoningDelta) and event.choice == number]
        assert "".join(reasoning) == (choice.message.reasoning or "")
        ended = [event.tool_call for event in events if isinstance(event, ToolCallFinished) and event.choice == number]
        assert tuple(ended) == choice.message.tool_calls
        for index, call in enumerate(choice.message.tool_calls):
            mine = [event for event in events if isinstance(event, ToolCallStarted) and event.choice == number]
            assert (mine[index].index, mine[index].id, mine[index].name) == (index, call.id, call.name)
            pieces = [
                event.arguments_json
                for event in events
                if isinstance(event, ToolCallDelta) and event.choice == number and event.index == index
            ]
            assert "".join(pieces) == call.arguments_json


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_gives_the_same_events_cut_at_any_byte(exchange: Exchange) -> None:
    assert_same_at_every_cut(wire_for(exchange).create_stream_decoder, exchange.body_bytes)


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_ends_as_its_raw_form_parses(exchange: Exchange) -> None:
    wire = wire_for(exchange)
    response = finish(decode(wire, [exchange.body_bytes]))
    assert wire.parse_response(response.raw) == response


@pytest.mark.parametrize("size", [1, None])
@pytest.mark.parametrize("exchange", exchange_params(STREAM_ERRORS))
def test_recorded_error_inside_a_stream_is_raised_also_byte_by_byte(exchange: Exchange, size: int | None) -> None:
    data = exchange.body_bytes
    error = next(chunk["error"] for chunk in walk_chunks(data) if "error" in chunk)
    pieces = [data[at : at + (size or len(data))] for at in range(0, len(data), size or len(data))]
    with pytest.raises(APIError) as caught:
        decode(wire_for(exchange), pieces)
    assert caught.value.message == error["message"]
    assert caught.value.status == error["status_code"]
    assert type(caught.value) is BadRequestError


@requires_corpus
def test_corpus_is_whole() -> None:
    counts = [len(STREAMS), len(WHOLE), len(STREAM_ERRORS)]
    assert all(counts), counts
    assert len(CHAT) >= 217
