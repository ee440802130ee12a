"""What xAI says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialects."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from core.llms.errors import AuthenticationError, ContextLengthExceededError, UnsupportedParameterError
from core.llms.providers.xai import create_xai_llm
from core.llms.providers.xai.base_implementation import read_cost
from core.llms.types.message_dicts import parse_message, parse_messages
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.support.raw_server import Exchange, raw_server

REASONING = {
    "type": "reasoning",
    "id": "rs_1",
    "status": "completed",
    "summary": [{"type": "summary_text", "text": "Say OK."}],
    "encrypted_content": "LZk7vOnv",
}
TEXT = {"type": "output_text", "text": "OK", "logprobs": [], "annotations": []}
ANSWER = {
    "id": "r1",
    "model": "grok-4.3",
    "status": "completed",
    "output": [
        REASONING,
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [TEXT]},
    ],
    "usage": {
        "input_tokens": 273,
        "input_tokens_details": {"cached_tokens": 128},
        "output_tokens": 327,
        "output_tokens_details": {"reasoning_tokens": 261},
        "cost_in_usd_ticks": 10_243_500,
    },
}
BODY = {
    "id": "1",
    "model": "grok-4-fast-reasoning",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "40 C"}, "finish_reason": "stop"}],
    "usage": {
        "prompt_tokens": 493,
        "completion_tokens": 35,
        "total_tokens": 582,
        "prompt_tokens_details": {"text_tokens": 493, "cached_tokens": 481},
        "completion_tokens_details": {"reasoning_tokens": 54},
        "cost_in_usd_ticks": 709_500,
    },
}


def chat() -> OpenAIChatWire:
    wire = create_xai_llm("grok-4.7", api_key="k", wire="chat").wire
    assert isinstance(wire, OpenAIChatWire)
    return wire


def responses() -> OpenAIResponsesWire:
    wire = create_xai_llm("grok-4.7", api_key="k").wire
    assert isinstance(wire, OpenAIResponsesWire)
    return wire


def test_chat_body_has_xais_names() -> None:
    messages = parse_messages([{"role": "developer", "content": "Brief."}, {"role": "user", "content": "Hi"}])
    body = chat().render_request(LLMRequest("grok-4.7", messages, {"max_tokens": 9, "reasoning_effort": "xhigh"})).body
    assert body == {
        "model": "grok-4.7",
        "messages": [{"role": "system", "content": "Brief."}, {"role": "user", "content": "Hi"}],
        "max_tokens": 9,
        "reasoning_effort": "xhigh",
    }


def test_cost_is_xais_own_figure_and_reasoning_counts_as_output() -> None:
    usage = chat().parse_response(BODY).usage
    assert (usage.input_tokens, usage.output_tokens, usage.reasoning_tokens) == (493, 89, 54)
    # grok-4-fast at 0.20, 0.05 cached and 0.50 USD per million tokens
    by_price = 12 * Decimal("0.20") + 481 * Decimal("0.05") + 89 * Decimal("0.50")
    assert usage.reported_cost == Decimal("0.00007095") == by_price / 10**6
    assert OpenAIChatWire().parse_response(BODY).usage.reported_cost is None


@pytest.mark.parametrize("ticks", [None, "5", -1, True, 1.5])
def test_cost_of_another_shape_is_not_known(ticks: Any) -> None:
    assert read_cost({"cost_in_usd_ticks": ticks}) is None


def test_encrypted_reasoning_is_asked_for_and_goes_back_here_alone() -> None:
    wire = responses()
    assert wire.render_request(LLMRequest("m", parse_messages("Hi"))).body["include"] == ["reasoning.encrypted_content"]
    answer = wire.parse_response(ANSWER)
    again = parse_message(json.loads(json.dumps(answer.message.to_dict())))
    sent = wire.render_request(LLMRequest("m", (again,))).body["input"]
    assert [item["type"] for item in sent] == ["reasoning", "message"]
    assert (sent[0]["encrypted_content"], sent[0]["summary"]) == ("LZk7vOnv", REASONING["summary"])
    elsewhere = OpenAIResponsesWire().render_request(LLMRequest("m", (again,)))
    assert "LZk7vOnv" not in json.dumps(elsewhere.body)
    assert elsewhere.warnings


def test_wrong_key_with_status_400_is_an_authentication_error() -> None:
    body = json.dumps({"code": "invalid-argument", "error": "Incorrect API key provided. You can obtain one."}).encode()
    for wire in (chat(), responses()):
        error = wire.parse_error(400, {}, body)
        assert (type(error), error.code, error.status) == (AuthenticationError, "invalid-argument", 400)
    assert type(OpenAIChatWire().parse_error(400, {}, body)) is not AuthenticationError


def test_prompt_that_is_too_long_is_told_by_its_message() -> None:
    body = b'{"code": "invalid-argument", "error": "This model\'s maximum prompt length is 131072 but has 537812."}'
    assert type(chat().parse_error(400, {}, body)) is ContextLengthExceededError


@pytest.mark.parametrize("name", ["stop", "frequency_penalty", "presence_penalty"])
def test_what_reasoning_models_refuse_is_refused_before_sending(name: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=f"`{name}`"):
        create_xai_llm("grok-4.7", api_key="k").metadata.validate_params({name: 1})


async def test_response_costs_what_xai_says(monkeypatch: pytest.MonkeyPatch) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(ANSWER).encode())

    monkeypatch.setenv("XAI_API_KEY", "k-1")
    async with raw_server(handle) as server, create_xai_llm("grok-4.3", base_url=f"{server.url}/v1") as llm:
        response = await llm.get_answer("Say OK.")
    assert server.exchanges[0].head.startswith(b"POST /v1/responses ")
    assert b"Authorization: Bearer k-1" in server.exchanges[0].head
    assert (response.text, response.reasoning) == ("OK", "Say OK.")
    # 145 tokens at 1.25, 128 cached at 0.20, 327 at 2.50 USD per million
    assert response.cost == Decimal("0.00102435")


async def test_tokens_of_each_text_are_counted_by_xai() -> None:
    async def handle(exchange: Exchange) -> None:
        words = json.loads(exchange.body)["text"].split()
        await exchange.answer(
            json.dumps({"token_ids": [{"token_id": 1, "string_token": word} for word in words]}).encode()
        )

    async with (
        raw_server(handle) as server,
        create_xai_llm("grok-4.7", api_key="k", base_url=f"{server.url}/v1") as llm,
    ):
        messages = [{"role": "system", "content": "a b"}, {"role": "user", "content": "c"}]
        count = await llm.count_tokens(messages, exact=True)
        bodies = [json.loads(exchange.body) for exchange in server.exchanges]
    assert server.exchanges[0].head.startswith(b"POST /v1/tokenize-text ")
    assert bodies == [{"text": "a b", "model": "grok-4.7"}, {"text": "c", "model": "grok-4.7"}]
    assert (count.tokens, count.exact) == (3, False)
    assert count.note == "the texts alone: the vendor counts no roles"
