"""Every recorded exchange of the vendors whose rooms are a dialect of chat completions, read in that dialect.

The expectations are those of the plain wire's corpus test, which walks the JSON by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from core.llms.errors import APIError
from core.llms.providers.cerebras import CerebrasBaseLLM
from core.llms.providers.huggingface import HuggingFaceBaseLLM
from core.llms.providers.openai_compatible import OpenAICompatibleLLM
from core.llms.providers.perplexity import PerplexityBaseLLM
from core.llms.providers.together import TogetherBaseLLM
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.wires.corpus import Exchange, exchange_params, load_exchanges
from tests.wires.test_corpus_openai_chat import (
    check_choices,
    check_usage,
    decode,
    expect_stream,
    expect_whole,
    finish,
    last_usage,
    walk_chunks,
)

_OF_COMPATIBLE = (
    "llamacpp", "venice", "avian", "crusoe", "databricks", "github", "gpustack", "heroku", "mistralrs", "snowflake",
    "vercel", "zai", "cloudflare",
)  # fmt: skip
DIALECTS: Mapping[str, ChatDialect] = MappingProxyType(
    {
        **dict.fromkeys(_OF_COMPATIBLE, OpenAICompatibleLLM.CHAT_DIALECT),
        "cerebras": CerebrasBaseLLM.CHAT_DIALECT,
        "huggingface": HuggingFaceBaseLLM.CHAT_DIALECT,
        "perplexity": PerplexityBaseLLM.CHAT_DIALECT,
        "together": TogetherBaseLLM.CHAT_DIALECT,
    }
)
# An object where the wire has text: the vendor parses a JSON answer itself.
NOT_THIS_WIRE = ("cloudflare/chat-completions-structured-1",)

ALL = [exchange for name in DIALECTS for exchange in load_exchanges(name) if exchange.name not in NOT_THIS_WIRE]
CHAT = [exchange for exchange in ALL if exchange.api == "chat_completions" and exchange.status == 200]
STREAMS = [exchange for exchange in CHAT if exchange.is_stream and "error" not in exchange.features]
WHOLE = [exchange for exchange in CHAT if not exchange.is_stream]
ERRORS = [exchange for exchange in ALL if exchange.status != 200]
OTHERS = [e for e in ALL if e.status == 200 and e.api in ("models", "embeddings", "responses")]
PLAIN_REASONS = {"stop": "stop", "length": "length", "tool_calls": "tool_calls", "eos": "stop", "": "stop"}


def wire_for(exchange: Exchange) -> OpenAIChatWire:
    return OpenAIChatWire(DIALECTS[exchange.provider])


@pytest.mark.parametrize("exchange", exchange_params(WHOLE))
def test_recorded_answer_parses_in_its_vendor_s_dialect(exchange: Exchange) -> None:
    body = exchange.body
    response = wire_for(exchange).parse_response(body)
    check_choices(response, expect_whole(body))
    check_usage(response, body.get("usage"))
    raw = response.finish_reason.raw
    assert response.finish_reason.unified == ("tool_calls" if response.tool_calls else PLAIN_REASONS[raw or ""])


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_parses_in_its_vendor_s_dialect(exchange: Exchange) -> None:
    wire, body = wire_for(exchange), exchange.body_bytes
    events = decode(wire, [body])
    response = finish(events)
    check_choices(response, expect_stream(body))
    check_usage(response, last_usage(list(walk_chunks(body))))
    assert decode(wire, [body[start : start + 1] for start in range(len(body))]) == events
    assert wire.parse_response(response.raw) == response


@pytest.mark.parametrize("exchange", exchange_params(ERRORS))
def test_recorded_error_is_one_in_its_vendor_s_dialect(exchange: Exchange) -> None:
    error = wire_for(exchange).parse_error(exchange.status, exchange.headers, exchange.body_bytes)
    assert isinstance(error, APIError)
    assert error.status == exchange.status
    assert len(error.message) > 5


@pytest.mark.parametrize("exchange", exchange_params(OTHERS))
def test_recorded_other_answer_parses(exchange: Exchange) -> None:
    wire = wire_for(exchange)
    match exchange.api:
        case "models":
            assert [model.id for model in wire.parse_models(exchange.body)] == [m["id"] for m in exchange.body["data"]]
        case "embeddings":
            assert len(wire.parse_embeddings(exchange.body).vectors) == len(exchange.body["data"])
        case "responses":
            assert OpenAIResponsesWire().parse_response(exchange.body).text
