"""Recorded answers of vendors that say what a call costs, and Responses of vendors with dialects of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.llms.errors import AuthenticationError
from core.llms.providers.deepseek import DeepSeekBaseLLM
from core.llms.providers.openrouter import OpenRouterBaseLLM
from core.llms.providers.xai import XaiBaseLLM
from core.llms.providers.xai.models.grok_43 import Grok43Metadata
from core.llms.types.costs import compute_cost
from core.llms.types.events import StreamFinished
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect
from tests.wires.corpus import Exchange, exchange_params, load_exchanges

LLMS = (DeepSeekBaseLLM, OpenRouterBaseLLM, XaiBaseLLM)
CHAT = {llm.PROVIDER: OpenAIChatWire(llm.CHAT_DIALECT) for llm in LLMS}
RESPONSES = {llm.PROVIDER: OpenAIResponsesWire(llm.RESPONSES_DIALECT or ResponsesDialect()) for llm in LLMS}
RECORDED = [exchange for exchange in load_exchanges() if exchange.provider in CHAT and exchange.status == 200]
ANSWERS = [exchange for exchange in RECORDED if exchange.api in ("chat_completions", "responses")]
ANSWERS = [exchange for exchange in ANSWERS if not (exchange.is_stream and "error" in exchange.features)]
EMBEDDINGS = [exchange for exchange in RECORDED if exchange.api == "embeddings"]
WRONG_KEYS = [exchange for exchange in load_exchanges("xai") if exchange.status == 400]


def read(exchange: Exchange) -> LLMResponse:
    wire = (RESPONSES if exchange.api == "responses" else CHAT)[exchange.provider]
    if not exchange.is_stream:
        return wire.parse_response(exchange.body)
    last = wire.create_stream_decoder().feed(exchange.body_bytes)[-1]
    assert isinstance(last, StreamFinished)
    return last.response


def said_cost(usage: dict[str, Any]) -> Decimal | None:
    if "cost_in_usd_ticks" in usage:
        return Decimal(usage["cost_in_usd_ticks"]) / 10**10
    if usage.get("cost") is None:
        return None
    upstream = usage["cost_details"]["upstream_inference_cost"] if usage.get("is_byok") else 0
    return Decimal(str(usage["cost"])) + Decimal(str(upstream))


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_recorded_answer_costs_what_the_vendor_says(exchange: Exchange) -> None:
    usage = read(exchange).usage
    assert usage.reported_cost == said_cost(dict(usage.raw or {}))


@pytest.mark.parametrize("exchange", exchange_params(EMBEDDINGS))
def test_recorded_vectors_cost_what_the_vendor_says(exchange: Exchange) -> None:
    usage = CHAT[exchange.provider].parse_embeddings(exchange.body).usage
    assert usage.reported_cost == said_cost(exchange.body["usage"])


@pytest.mark.parametrize("exchange", exchange_params([e for e in ANSWERS if e.model == "grok-4.3"]))
def test_recorded_cost_of_grok_agrees_with_its_prices(exchange: Exchange) -> None:
    usage = read(exchange).usage
    searches = (usage.raw or {}).get("server_side_tool_usage_details", {}).get("web_search_calls", 0)
    by_price = (
        (usage.input_tokens - usage.cache_read_tokens) * Decimal("1.25")
        + usage.cache_read_tokens * Decimal("0.20")
        + usage.output_tokens * Decimal("2.50")
    ) / 10**6
    assert compute_cost(usage, None)[0] == by_price + searches * Decimal("0.005")
    assert Grok43Metadata.PRICES is not None
    assert (Grok43Metadata.PRICES.input, Grok43Metadata.PRICES.output) == (Decimal("1.25"), Decimal("2.5"))


@pytest.mark.parametrize("exchange", exchange_params([e for e in ANSWERS if e.api == "responses"]))
def test_recorded_reasoning_goes_back_to_its_vendor_alone(exchange: Exchange) -> None:
    message = read(exchange).message
    request = LLMRequest("m", (message,))
    sent = RESPONSES[exchange.provider].render_request(request)
    elsewhere = OpenAIResponsesWire().render_request(request)
    reasoning = [item for item in sent.body["input"] if item["type"] == "reasoning"]
    assert reasoning or message.reasoning is None
    assert sent.warnings == ()
    assert not [item for item in elsewhere.body["input"] if item.get("type") == "reasoning"]


@pytest.mark.parametrize("exchange", exchange_params(WRONG_KEYS))
def test_recorded_wrong_key_is_an_authentication_error(exchange: Exchange) -> None:
    for wire in (CHAT["xai"], RESPONSES["xai"]):
        error = wire.parse_error(exchange.status, exchange.headers, exchange.body_bytes)
        assert type(error) is AuthenticationError
