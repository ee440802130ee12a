"""Usage in other places than OpenAI's, and the vendor's own word on the cost."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from core.llms.types.events import StreamFinished, UsageUpdated
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect

RAW = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "price": "0.5"}


def read_price(raw: Any) -> Decimal | None:
    return Decimal(raw["price"]) if "price" in raw else None


def stream(last: dict[str, Any], dialect: ChatDialect) -> list[Any]:
    chunks = [{"choices": [{"index": 0, "delta": {"content": "Hi"}}]}, last]
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks) + b"data: [DONE]\n\n"
    return OpenAIChatWire(dialect).create_stream_decoder().feed(body)


def test_enclosed_usage_counts_where_the_chunk_has_none() -> None:
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "envelope": {"usage": RAW}}
    events = stream(last, ChatDialect(usage_envelope="envelope"))
    assert [event.usage.total_tokens for event in events if isinstance(event, UsageUpdated)] == [5]
    assert isinstance(events[-1], StreamFinished)
    assert events[-1].response.usage.raw == RAW
    assert not any(isinstance(event, UsageUpdated) for event in stream(last, ChatDialect()))


def test_enclosed_usage_gives_way_to_the_chunks_own() -> None:
    own = {**RAW, "prompt_tokens": 7, "total_tokens": 9}
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": own, "envelope": {"usage": RAW}}
    events = stream(last, ChatDialect(usage_envelope="envelope"))
    assert [event.usage.total_tokens for event in events if isinstance(event, UsageUpdated)] == [9]


def test_envelope_of_another_shape_is_passed_over() -> None:
    envelopes: list[Any] = [None, 5, "x", [], {"usage": None}, {"usage": "x"}]
    for envelope in envelopes:
        last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "envelope": envelope}
        events = stream(last, ChatDialect(usage_envelope="envelope"))
        assert not any(isinstance(event, UsageUpdated) for event in events)


def test_reported_cost_is_read_on_both_wires() -> None:
    message = {"role": "assistant", "content": "Hi"}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": RAW}
    chat = OpenAIChatWire(ChatDialect(reported_cost=read_price)).parse_response(body)
    answer = {"status": "completed", "output": [], "usage": {"input_tokens": 3, "output_tokens": 2, "price": "0.5"}}
    responses = OpenAIResponsesWire(ResponsesDialect(reported_cost=read_price)).parse_response(answer)
    assert chat.usage.reported_cost == responses.usage.reported_cost == Decimal("0.5")
    silent = OpenAIResponsesWire(ResponsesDialect(reported_cost=read_price)).parse_response({**answer, "usage": None})
    assert silent.usage.reported_cost is None
