"""What the tests of streams share: the hand-made fixtures, frames, and decoding a stream that is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.llms.types.content import ToolCall
from core.llms.types.events import StreamEvent, StreamStarted
from core.llms.types.response import LLMResponse
from core.llms.wires.openai_responses import OpenAIResponsesWire
from core.llms.wires.openai_responses.decoder import ResponsesStreamDecoder

FIXTURES = Path(__file__).parents[3] / "wires" / "fixtures" / "openai_responses"
ORIGIN = "openai_responses"
STARTED = StreamStarted("resp_1", "gpt-test-2026")


def facts(message_id: str, **others: Any) -> dict[str, Any]:
    """What a message item says besides its content."""
    return {"type": "message", "id": message_id, "role": "assistant", "status": "completed", **others}


def call(id: str, name: str, arguments: str, item_id: str, **extra: Any) -> ToolCall:
    return ToolCall.parse(id, name, arguments, item_id=item_id, origin=ORIGIN, extra=extra or None)


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def create_decoder() -> ResponsesStreamDecoder:
    return OpenAIResponsesWire().create_stream_decoder()


def decode(data: bytes) -> list[StreamEvent]:
    decoder = create_decoder()
    events = decoder.feed(data)
    assert decoder.finished
    assert decoder.close() == []
    return events


def frame(kind: str, **fields: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


def last_response(data: bytes) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(data.rstrip().rpartition(b"data: ")[2])["response"]
    return body


def finished(data: bytes) -> LLMResponse:
    return OpenAIResponsesWire().parse_response(last_response(data))
