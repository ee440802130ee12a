"""Recorded answers of Bedrock's InvokeModel, whose bodies are each model's own: those in a form that is spoken here.

Nova's is that of Converse, and its stream's chunks hold the events of ConverseStream; the chunks of Anthropic's models
hold the events of a Messages stream. Both are taken out of the chunks and framed as the wire has them.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from core.llms.types.events import StreamFinished
from core.llms.types.response import LLMResponse
from core.llms.wires.anthropic_messages import AnthropicMessagesWire
from core.llms.wires.bedrock_converse import BedrockConverseWire
from tests.support.event_frames import event
from tests.wires.corpus import Exchange, exchange_params, load_exchanges
from tests.wires.splitting import assert_same_at_every_cut, decode
from tests.wires.test_corpus_anthropic_messages import assert_response_is as assert_message_is
from tests.wires.test_corpus_anthropic_messages import streamed_message
from tests.wires.test_corpus_bedrock_converse import FINISH, framed, streamed_body

CONVERSE, MESSAGES = BedrockConverseWire(), AnthropicMessagesWire()
RECORDED = [exchange for exchange in load_exchanges("bedrock") if exchange.api.startswith("invoke_model")]
WORKING = [exchange for exchange in RECORDED if exchange.status == 200]
OF_NOVA = [exchange for exchange in WORKING if ".nova-" in exchange.model]
ANSWERS = [exchange for exchange in OF_NOVA if not exchange.is_stream]
STREAMS = [exchange for exchange in OF_NOVA if exchange.is_stream]


def chunks_of(exchange: Exchange) -> list[dict[str, Any]]:
    """The model's own events, out of the chunks that carry them."""
    payloads = [json.loads(payload) for headers, payload in framed(exchange.body_bytes)]
    return [json.loads(base64.b64decode(payload["bytes"])) for payload in payloads]


def is_of_messages(exchange: Exchange) -> bool:
    return exchange.is_stream and any(chunk.get("type") == "message_start" for chunk in chunks_of(exchange))


OF_MESSAGES = [exchange for exchange in WORKING if is_of_messages(exchange)]


def as_events_of_converse(exchange: Exchange) -> bytes:
    return b"".join(event(kind, body) for chunk in chunks_of(exchange) for kind, body in chunk.items())


def as_stream_of_messages(exchange: Exchange) -> bytes:
    lines = [f"event: {chunk['type']}\ndata: {json.dumps(chunk)}\n\n" for chunk in chunks_of(exchange)]
    return "".join(lines).encode()


def assert_is_what_nova_said(response: LLMResponse, body: dict[str, Any]) -> None:
    content, raw = body["output"]["message"]["content"], body["usage"]
    assert response.text == "".join(block.get("text", "") for block in content)
    calls = [block["toolUse"] for block in content if "toolUse" in block]
    assert [(call.id, call.name, call.arguments) for call in response.tool_calls] == [
        (call["toolUseId"], call["name"], call["input"]) for call in calls
    ]
    assert response.finish_reason.raw == body["stopReason"]
    assert response.finish_reason.unified == FINISH[body["stopReason"]]
    assert (response.usage.input_tokens, response.usage.output_tokens) == (raw["inputTokens"], raw["outputTokens"])


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_nova_s_answer_parses_to_what_is_in_it(exchange: Exchange) -> None:
    assert_is_what_nova_said(CONVERSE.parse_response(exchange.body), exchange.body)


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_nova_s_stream_ends_in_what_is_in_it_cut_at_any_byte(exchange: Exchange) -> None:
    data = as_events_of_converse(exchange)
    last = decode(CONVERSE.create_stream_decoder, [data])[-1]
    assert isinstance(last, StreamFinished)
    assert_is_what_nova_said(last.response, streamed_body(data))
    assert_same_at_every_cut(CONVERSE.create_stream_decoder, data)


@pytest.mark.parametrize("exchange", exchange_params(OF_MESSAGES))
def test_messages_stream_ends_in_what_is_in_it_cut_at_any_byte(exchange: Exchange) -> None:
    data = as_stream_of_messages(exchange)
    last = decode(MESSAGES.create_stream_decoder, [data])[-1]
    assert isinstance(last, StreamFinished)
    assert_message_is(last.response, streamed_message(data))
    assert_same_at_every_cut(MESSAGES.create_stream_decoder, data)
