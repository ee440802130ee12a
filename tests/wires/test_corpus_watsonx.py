"""Every recorded exchange of watsonx.ai, read by the wire and compared with what plain JSON says.

All are of the older generation of text, at the addresses of its beta, whose bodies are those of today's. The chat has
no recorded exchange: it is held to IBM's own SDK (`tests/contract/`) and to the simulator.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.errors import ProtocolError
from core.llms.providers.watsonx.base_implementation import DIALECT
from core.llms.types.events import StreamEvent, StreamFinished, TextDelta, UsageUpdated
from core.llms.types.messages import UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.watsonx import WatsonxGenerationWire, WatsonxScope
from tests.wires.corpus import Exchange, exchange_params, load_exchanges

SCOPE = WatsonxScope(project_id="c1234567-2222-2222-3333-444444444444")
WIRE = WatsonxGenerationWire(OpenAIChatWire(DIALECT), SCOPE)
RECORDED = load_exchanges("watsonx")
ANSWERS = [exchange for exchange in RECORDED if not exchange.is_stream]
STREAMS = [exchange for exchange in RECORDED if exchange.is_stream]


def events_of(exchange: Exchange) -> list[dict[str, Any]]:
    lines = exchange.body_bytes.decode().split("\n")
    return [json.loads(line[5:]) for line in lines if line.startswith("data:")]


def assert_response_is(response: LLMResponse, model: str, text: str, read: int, written: int) -> None:
    assert (response.model, response.text) == (model, text)
    assert (response.finish_reason.raw, response.finish_reason.unified) == ("eos_token", "stop")
    assert (response.usage.input_tokens, response.usage.output_tokens) == (read, written)
    assert response.warnings == ()  # the licence of another's model is no news


def decode(data: bytes) -> list[StreamEvent]:
    decoder = WIRE.create_stream_decoder()
    return decoder.feed(data) + decoder.close()


@pytest.mark.parametrize("exchange", exchange_params(RECORDED))
def test_recorded_request_is_written_in_the_same_way(exchange: Exchange) -> None:
    sent = exchange.request_body
    rendered = WIRE.render_request(LLMRequest(sent["model_id"], (UserMessage(sent["input"]),)))
    assert rendered.body == sent


@pytest.mark.parametrize("exchange", exchange_params(ANSWERS))
def test_recorded_answer_parses_to_what_is_in_it(exchange: Exchange) -> None:
    response = WIRE.parse_response(exchange.body)
    (result,) = exchange.body["results"]
    counts = result["input_token_count"], result["generated_token_count"]
    assert_response_is(response, exchange.model, result["generated_text"], *counts)


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_ends_in_what_is_in_it(exchange: Exchange) -> None:
    events, results = decode(exchange.body_bytes), [event["results"][0] for event in events_of(exchange)]
    last = events[-1]
    assert isinstance(last, StreamFinished)
    text = "".join(result["generated_text"] for result in results)
    assert_response_is(
        last.response, exchange.model, text, results[0]["input_token_count"], results[-1]["generated_token_count"]
    )
    assert WIRE.parse_response(last.response.raw) == last.response
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == text
    assert [event.usage for event in events if isinstance(event, UsageUpdated)] == [last.response.usage]


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_is_the_same_byte_by_byte(exchange: Exchange) -> None:
    data, decoder = exchange.body_bytes, WIRE.create_stream_decoder()
    events = [event for position in range(len(data)) for event in decoder.feed(data[position : position + 1])]
    assert events + decoder.close() == decode(data)
    assert decoder.progress == len(events_of(exchange))


@pytest.mark.parametrize("exchange", exchange_params(STREAMS))
def test_recorded_stream_that_is_cut_is_no_answer(exchange: Exchange) -> None:
    data = exchange.body_bytes
    for cut in range(0, data.rindex(b"id:"), 97):
        decoder = WIRE.create_stream_decoder()
        events = decoder.feed(data[:cut])
        partial = decoder.partial_response()
        assert partial.finish_reason.unified == "error"
        assert partial.text == "".join(event.text for event in events if isinstance(event, TextDelta))
        with pytest.raises(ProtocolError):
            decoder.close()
