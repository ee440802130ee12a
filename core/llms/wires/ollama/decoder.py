"""Decoding a stream of lines: each a piece of the message, the last one with `done` and the counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from core.llms.errors import ProtocolError
from core.llms.types.content import ToolCall
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.response import Choice, FinishReason, LLMResponse
from core.llms.wires.ndjson import NDJSONDecoder
from core.llms.wires.ollama.parse import (
    create_response,
    find_extras,
    parse_calls,
    parse_usage,
    read_finish,
    read_text,
    require_body,
)


class OllamaStreamDecoder:
    """Turns the bytes of one stream into events; its end is the line with `done`. Calls come whole.

    The response's `raw` is the body that the answer would have been in one piece.
    """

    __slots__ = ("_calls", "_extras", "_lines", "_logprobs", "_raw_calls", "_texts", "_thoughts", "_top", "finished")

    def __init__(self) -> None:
        self.finished: bool = False
        self._lines = NDJSONDecoder()
        self._top: dict[str, Any] = {}
        self._texts: list[str] = []
        self._thoughts: list[str] = []
        self._calls: list[ToolCall] = []
        self._raw_calls: list[Any] = []
        self._logprobs: list[Any] = []
        self._extras: dict[str, Any] = {}

    @property
    def progress(self) -> int:
        """How many lines have arrived; the wire has no pings."""
        return self._lines.event_count

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an error in the stream, `ProtocolError` for what is not it."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        for line in self._lines.feed(chunk):
            if self._take_line(line, events):
                break
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended; a last line may lack its line end. Raises `ProtocolError` where it is cut."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        rest = self._lines.pending
        if not rest or not self._take_line(rest, events):
            raise ProtocolError("the stream ended without a line that is `done`: the answer may be cut")
        return events

    def partial_response(self) -> LLMResponse:
        """Return what has arrived so far; without the last line its finish reason is `error`."""
        response = self._assemble()
        if self.finished:
            return response
        choice = response.choices[0]
        cut = Choice(choice.message, FinishReason("error"), choice.logprobs)
        return LLMResponse((cut,), response.usage, model=response.model, raw=response.raw)

    def _take_line(self, line: bytes, events: list[StreamEvent]) -> bool:
        """Take a line in; return whether it was the last."""
        try:
            payload = from_json(line, allow_inf_nan=False)
        except ValueError as error:
            raise ProtocolError(f"a line of the stream is not JSON: {error}") from error
        body = require_body(payload)
        if not self._top:
            model = body.get("model")
            events.append(StreamStarted(None, model if isinstance(model, str) and model else None))
        self._top.update((name, value) for name, value in body.items() if name not in ("message", "logprobs"))
        message = body.get("message")
        if message is not None:
            self._take_message(message, body, events)
        if isinstance(logprobs := body.get("logprobs"), list):
            self._logprobs.extend(logprobs)
        if body.get("done") is not True:
            return False
        self._finish(events)
        return True

    def _take_message(self, message: Any, body: Mapping[str, Any], events: list[StreamEvent]) -> None:
        if not isinstance(message, Mapping):
            raise ProtocolError("a line's `message` is not an object")
        if thought := read_text(message, "thinking"):
            self._thoughts.append(thought)
            events.append(ReasoningDelta(thought))
        if text := read_text(message, "content"):
            self._texts.append(text)
            events.append(TextDelta(text))
        if message.get("tool_calls"):
            self._take_calls(message, body, events)
        self._extras |= find_extras(message)

    def _take_calls(self, message: Mapping[str, Any], body: Mapping[str, Any], events: list[StreamEvent]) -> None:
        for index, call in enumerate(parse_calls(message, body, len(self._calls)), len(self._calls)):
            events.append(ToolCallStarted(index, call.id, call.name))
            events.append(ToolCallDelta(index, call.arguments_json))
            events.append(ToolCallFinished(index, call))
            self._calls.append(call)
        self._raw_calls.extend(message["tool_calls"])

    def _finish(self, events: list[StreamEvent]) -> None:
        read_finish(self._top.get("done_reason"), False)
        usage = parse_usage(self._top)
        if usage.raw is not None:
            events.append(UsageUpdated(usage))
        events.append(StreamFinished(self._assemble()))
        self.finished = True

    def _assemble(self) -> LLMResponse:
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._texts)}
        if self._thoughts:
            message["thinking"] = "".join(self._thoughts)
        if self._raw_calls:
            message["tool_calls"] = list(self._raw_calls)
        message |= self._extras
        body = {**self._top, "message": message}
        if self._logprobs:
            body["logprobs"] = list(self._logprobs)
        return create_response(body, message, self._calls)
