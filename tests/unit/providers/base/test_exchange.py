"""One exchange on a real socket: what restarts the watchdog of a stream, and what does not."""

from __future__ import annotations

import asyncio
import json

import pytest

from core.llms import LLMContext, LLMRequest, LLMTimeoutError, Secret, StreamFinished, Timeouts, UserMessage
from core.llms.providers.base.auth import KeyAuth
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.exchange import Exchange as Exchanger
from core.llms.wires.base import Wire
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.support.raw_server import Exchange, raw_server

BETWEEN_EVENTS_SECONDS = 0.2
STEP_SECONDS = 0.04
STEPS = 10


def event(body: object) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


CREATED = event({"type": "response.created", "response": {"id": "resp_1"}})
SEARCHING = event({"type": "response.web_search_call.in_progress", "output_index": 0})
COMPLETED = event({"type": "response.completed", "response": {"status": "completed", "output": []}})
REFUSING = event({"choices": [{"index": 0, "delta": {"refusal": "No"}}]})
DONE = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}) + b"data: [DONE]\n\n"


async def stream_answer(wire: Wire, first: bytes, repeated: bytes, end: bytes) -> StreamFinished:
    """Stream an answer that begins, says the same at short intervals for twice the limit, and ends."""

    async def trickle(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(first)
        for _ in range(STEPS):
            await asyncio.sleep(STEP_SECONDS)
            await exchange.send(repeated)
        await exchange.send(end)

    async with raw_server(trickle) as running:
        timeouts = Timeouts(between_events=BETWEEN_EVENTS_SECONDS)
        connector = BaseConnector(base_url=running.url, auth=KeyAuth(Secret("k")), timeouts=timeouts)
        request = LLMRequest("m", (UserMessage("Hello!"),), stream=True)
        try:
            exchanger = Exchanger(connector, wire, "test")
            *_, last = [event async for event in exchanger.stream(request, LLMContext())]
        finally:
            await connector.aclose()
    assert isinstance(last, StreamFinished)
    return last


async def test_events_of_the_wire_alone_hold_a_responses_stream_open() -> None:
    last = await stream_answer(OpenAIResponsesWire(), CREATED, SEARCHING, COMPLETED)
    assert last.response.finish_reason.unified == "stop"


async def test_events_of_the_wire_alone_hold_a_chat_stream_open() -> None:
    last = await stream_answer(OpenAIChatWire(), REFUSING, REFUSING, DONE)
    assert last.response.refusal == "No" * (STEPS + 1)


@pytest.mark.parametrize("idle", [b": ping\n\n", b'event: keepalive\ndata: {"type":"keepalive"}\n\n'])
async def test_comments_and_keep_alives_do_not_hold_a_responses_stream_open(idle: bytes) -> None:
    with pytest.raises(LLMTimeoutError) as caught:
        await stream_answer(OpenAIResponsesWire(), CREATED, idle, COMPLETED)
    assert caught.value.phase == "between events"


@pytest.mark.parametrize("idle", [b": ping\n\n", b"data:\n\n"])
async def test_comments_and_empty_events_do_not_hold_a_chat_stream_open(idle: bytes) -> None:
    with pytest.raises(LLMTimeoutError) as caught:
        await stream_answer(OpenAIChatWire(), REFUSING, idle, DONE)
    assert caught.value.phase == "between events"
