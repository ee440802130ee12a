"""Decoding a stream of the older generation of text: each event a piece, its counts those of the whole so far."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from core.llms.errors import ProtocolError
from core.llms.types.events import StreamEvent, StreamFinished, StreamStarted, TextDelta, UsageUpdated
from core.llms.types.response import LLMResponse
from core.llms.wires.sse import SSEDecoder
from core.llms.wires.watsonx.errors import create_stream_error
from core.llms.wires.watsonx.generation import UNFINISHED, parse_generation, read_piece, require_result
from core.llms.wires.watsonx.other_calls import require_body


class GenerationStreamDecoder:
    """Turns the bytes of one stream into events. The connection's end is the stream's, once a reason to stop was seen.

    The response's `raw` is the body that the answer would have been in one piece.
    """

    __slots__ = ("_result", "_sse", "_texts", "_top", "finished")

    def __init__(self) -> None:
        self.finished: bool = False
        self._sse = SSEDecoder()
        self._top: dict[str, Any] = {}
        self._texts: list[str] = []
        self._result: dict[str, Any] = {"stop_reason": UNFINISHED}

    @property
    def progress(self) -> int:
        """How many events have arrived; the wire has no pings."""
        return self._sse.event_count

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an error in the stream, `ProtocolError` for what is not it."""
        events: list[StreamEvent] = []
        if not self.finished:
            for name, data in self._sse.feed(chunk):
                self._take(name, data, events)
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` where no reason to stop was seen."""
        if self.finished:
            return []
        if self._sse.pending:
            raise ProtocolError("the stream ended inside an event")
        if self._result["stop_reason"] == UNFINISHED:
            raise ProtocolError("the stream ended without a reason to stop: the answer may be cut")
        self.finished = True
        response = parse_generation(self._assemble())
        usage = [] if response.usage.raw is None else [UsageUpdated(response.usage)]
        return [*usage, StreamFinished(response)]

    def partial_response(self) -> LLMResponse:
        """Return what has arrived so far; without a reason to stop its finish reason is `error`."""
        return parse_generation(self._assemble())

    def _take(self, name: bytes, data: bytes, events: list[StreamEvent]) -> None:
        try:
            payload = from_json(data, allow_inf_nan=False)
        except ValueError as error:
            if name == b"error":
                raise create_stream_error({"message": data.decode(errors="replace")}) from error
            raise ProtocolError(f"an event of the stream is not JSON: {error}") from error
        body = require_body(payload)
        if name == b"error":
            raise create_stream_error(body)
        result = require_result(body)
        if not self._top:
            model = body.get("model_id")
            events.append(StreamStarted(None, model if isinstance(model, str) else None))
        self._top.update((field, value) for field, value in body.items() if field != "results")
        # The prompt is counted in the first event alone; the others say 0.
        self._result.update((field, value) for field, value in result.items() if value or field not in self._result)
        if text := read_piece(result):
            self._texts.append(text)
            events.append(TextDelta(text))

    def _assemble(self) -> dict[str, Any]:
        return {**self._top, "results": [{**self._result, "generated_text": "".join(self._texts)}]}
