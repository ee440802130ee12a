"""What Cerebras says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialect."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from core.llms import DeveloperMessage, ServerError, UnsupportedParameterError
from core.llms.errors import ContextLengthExceededError
from core.llms.providers.cerebras import CerebrasBaseLLM, create_cerebras_llm
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.support.raw_server import Exchange, raw_server

CALL = {"id": "b8847f144", "type": "function", "function": {"name": "look", "arguments": "{}"}}
BODY: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "model": "gpt-oss-120b",
    "system_fingerprint": "fp_1",
    "time_info": {"queue_time": 0.005, "total_time": 0.054},
    "choices": [
        {
            "index": 0,
            "finish_reason": "tool_calls",
            "message": {"role": "assistant", "reasoning": "Look first.", "tool_calls": [CALL]},
        }
    ],
    "usage": {
        "prompt_tokens": 98, "completion_tokens": 47, "total_tokens": 145,
        "completion_tokens_details": {"reasoning_tokens": 27}, "prompt_tokens_details": {"cached_tokens": 0},
    },
}  # fmt: skip


def wire() -> OpenAIChatWire:
    return OpenAIChatWire(CerebrasBaseLLM.CHAT_DIALECT)


def test_reasoning_goes_back_in_its_own_field_and_developer_means_system() -> None:
    answer = wire().parse_response(BODY).message
    assert answer.reasoning == "Look first."
    messages = (DeveloperMessage("Be brief."), *parse_messages([{"role": "user", "content": "Go."}]), answer)
    request = LLMRequest("gpt-oss-120b", messages, {"max_tokens": 9, "reasoning_effort": "low"})
    rendered = wire().render_request(request)
    assert rendered.body == {
        "model": "gpt-oss-120b",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Go."},
            {"role": "assistant", "content": None, "reasoning": "Look first.", "tool_calls": [CALL]},
        ],
        "max_completion_tokens": 9,
        "reasoning_effort": "low",
    }
    plain = OpenAIChatWire().render_request(request).body["messages"]
    assert (plain[0]["role"], "reasoning" in plain[2]) == ("developer", False)


def test_error_inside_a_stream_has_its_status() -> None:
    chunk = {"error": {"message": "Encountered a server error", "type": "server_error", "code": ""}, "status_code": 503}
    with pytest.raises(ServerError, match="Encountered") as caught:
        wire().create_stream_decoder().feed(b"data: " + json.dumps(chunk).encode() + b"\n\n")
    assert caught.value.status == 503


def test_prompt_that_is_too_long_is_told_by_the_message() -> None:
    said = {"message": "Please reduce the length of the messages or completion.", "type": "invalid_request_error"}
    body = json.dumps(said).encode()
    assert type(wire().parse_error(400, {}, body)) is ContextLengthExceededError
    assert type(OpenAIChatWire().parse_error(400, {}, body)) is not ContextLengthExceededError


def test_effort_none_is_taken_where_reasoning_can_be_turned_off() -> None:
    qwen = create_cerebras_llm("qwen-3.8-27b", api_key="csk").metadata
    assert qwen.validate_params({"reasoning_effort": "none"}) == {"reasoning_effort": "none"}
    with pytest.raises(UnsupportedParameterError, match="low, medium, high"):
        create_cerebras_llm("gpt-oss-120b", api_key="csk").metadata.validate_params({"reasoning_effort": "none"})


async def test_call_arrives_with_key_and_path_and_is_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    async with raw_server(handle) as server:
        monkeypatch.setenv("CEREBRAS_API_KEY", "csk-1")
        monkeypatch.setenv("CEREBRAS_BASE_URL", server.url)
        async with create_cerebras_llm("gpt-oss-120b") as llm:
            response = await llm.get_answer("Go.", provider_options={"clear_thinking": False})
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /v1/chat/completions ")
    assert b"Authorization: Bearer csk-1" in head
    assert sent["clear_thinking"] is False
    assert response.cost == (98 * Decimal("0.35") + 47 * Decimal("0.75")) / 1_000_000
    assert response.usage.reasoning_tokens == 27
