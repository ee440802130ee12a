"""Decoding a stream: server-sent events, each read by the function of its `type`; `message-end` is the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic_core import from_json

from core.llms.errors import ProtocolError
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
from core.llms.wires.cohere_v2.errors import create_stream_error
from core.llms.wires.cohere_v2.parse import parse_call, parse_cohere_response, read_finish, read_text, require_object
from core.llms.wires.cohere_v2.render_messages import PLAN
from core.llms.wires.sse import SSEDecoder

_PARAGRAPH: Final = "\n\n"


class CohereStreamDecoder:
    """Turns the bytes of one stream into events. Thoughts and the plan before tool calls are both reasoning.

    The response's `raw` is the body that the answer would have been in one piece.
    """

    __slots__ = ("_blocks", "_calls", "_citations", "_end", "_events", "_id", "_logprobs", "_plan", "_sse", "finished")

    def __init__(self) -> None:
        self.finished: bool = False
        self._sse = SSEDecoder()
        self._events: list[StreamEvent] = []
        self._id: str | None = None
        self._blocks: dict[int, dict[str, Any]] = {}
        self._plan: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._citations: list[Any] = []
        self._logprobs: list[Any] = []
        self._end: Mapping[str, Any] | None = None

    @property
    def progress(self) -> int:
        """How many events have arrived; the wire has no pings but comments."""
        return self._sse.event_count

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an error in the stream, `ProtocolError` for what is not it."""
        events: list[StreamEvent] = []
        self._events = events
        if self.finished:
            return events
        for _, data in self._sse.feed(chunk):
            self._take(data)
            if self._end is not None:
                self.finished = True
                break
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` unless the message's end was seen."""
        if not self.finished:
            raise ProtocolError("the stream ended before `message-end`: the answer may be cut")
        return []

    def partial_response(self) -> LLMResponse:
        """Return what has arrived so far; without the message's end its finish reason is `error`."""
        response = parse_cohere_response(self._assemble())
        if self.finished:
            return response
        choice = Choice(response.message, FinishReason("error"), response.choices[0].logprobs)
        return LLMResponse((choice,), response.usage, id=response.id, raw=response.raw)

    def _take(self, data: bytes) -> None:
        try:
            event = require_object(from_json(data, allow_inf_nan=False), "an event of the stream")
        except ValueError as error:
            if data.strip() in (b"", b"[DONE]"):
                return
            raise ProtocolError(f"an event of the stream is not JSON: {error}") from error
        kind = event.get("type")
        if kind is None and ("message" in event or "error" in event):
            raise create_stream_error(event)
        read = _READERS.get(kind) if isinstance(kind, str) else None
        if read is not None:
            read(self, event)

    def _read_start(self, event: Mapping[str, Any]) -> None:
        self._id = read_text(event, "id") or None
        self._events.append(StreamStarted(self._id))

    def _read_content(self, event: Mapping[str, Any]) -> None:
        piece = require_object(_message(event).get("content"), "a piece of content")
        index = _index(event)
        block = self._blocks.get(index)
        if block is None:
            kind = piece.get("type") or ("thinking" if "thinking" in piece else "text")
            block = self._blocks[index] = {"type": kind, "pieces": []}
        for name in ("text", "thinking"):
            if text := read_text(piece, name):
                block["pieces"].append(text)
                self._events.append(TextDelta(text) if name == "text" else ReasoningDelta(text))
        if logprobs := event.get("logprobs"):
            self._logprobs.append(logprobs)

    def _read_plan(self, event: Mapping[str, Any]) -> None:
        text = read_text(_message(event), PLAN)
        if text:
            thought = not self._plan and any(block["type"] == "thinking" for block in self._blocks.values())
            self._plan.append(text)
            self._events.append(ReasoningDelta(_PARAGRAPH + text if thought else text))

    def _read_call_start(self, event: Mapping[str, Any]) -> None:
        call = require_object(_message(event).get("tool_calls"), "a tool call")
        function = require_object(call.get("function"), "a tool call's `function`")
        index = _index(event)
        if index in self._calls:
            raise ProtocolError("a tool call began twice")
        begun = self._calls[index] = {"call": call, "pieces": []}
        parse_call({**call, "function": {**function, "arguments": ""}})
        self._events.append(ToolCallStarted(index, call["id"], function["name"]))
        self._add_arguments(index, begun, function)

    def _read_call_delta(self, event: Mapping[str, Any]) -> None:
        call = require_object(_message(event).get("tool_calls"), "a tool call")
        index = _index(event)
        if index not in self._calls:
            raise ProtocolError("a piece of a tool call belongs to none that began")
        self._add_arguments(index, self._calls[index], require_object(call.get("function"), "a call's `function`"))

    def _add_arguments(self, index: int, begun: dict[str, Any], function: Mapping[str, Any]) -> None:
        if piece := read_text(function, "arguments"):
            begun["pieces"].append(piece)
            self._events.append(ToolCallDelta(index, piece))

    def _read_call_end(self, event: Mapping[str, Any]) -> None:
        index = _index(event)
        if index not in self._calls:
            raise ProtocolError("a tool call ends that did not begin")
        self._finish_call(index)

    def _finish_call(self, index: int) -> None:
        begun = self._calls[index]
        if "done" not in begun:
            begun["done"] = True
            self._events.append(ToolCallFinished(index, parse_call(_whole_call(begun))))

    def _read_citation(self, event: Mapping[str, Any]) -> None:
        citations = _message(event).get("citations")
        several = citations if isinstance(citations, list) else [citations]
        self._citations.extend(require_object(citation, "a citation") for citation in several)

    def _read_end(self, event: Mapping[str, Any]) -> None:
        delta = require_object(event.get("delta"), "the message's end")
        if message := read_text(delta, "error"):
            raise create_stream_error({"message": message})
        read_finish(delta.get("finish_reason"))
        for index in sorted(self._calls):
            self._finish_call(index)
        self._end = delta
        response = parse_cohere_response(self._assemble())
        if response.usage.raw is not None:
            self._events.append(UsageUpdated(response.usage))
        self._events.append(StreamFinished(response))

    def _assemble(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant"}
        if self._blocks:
            message["content"] = [_whole_block(self._blocks[index]) for index in sorted(self._blocks)]
        if self._plan:
            message[PLAN] = "".join(self._plan)
        if self._calls:
            message["tool_calls"] = [_whole_call(self._calls[index]) for index in sorted(self._calls)]
        if self._citations:
            message["citations"] = list(self._citations)
        body: dict[str, Any] = {"id": self._id, "message": message, **(self._end or {})}
        return {**body, "logprobs": list(self._logprobs)} if self._logprobs else body


def _message(event: Mapping[str, Any]) -> Mapping[str, Any]:
    delta = require_object(event.get("delta"), "an event's `delta`")
    return require_object(delta.get("message"), "an event's `message`")


def _index(event: Mapping[str, Any]) -> int:
    index = event.get("index", 0)
    if type(index) is not int or index < 0:
        raise ProtocolError("an event's `index` is not a number from 0 up")
    return index


def _whole_block(block: Mapping[str, Any]) -> dict[str, Any]:
    name = "thinking" if block["type"] == "thinking" else "text"
    return {"type": block["type"], name: "".join(block["pieces"])}


def _whole_call(begun: Mapping[str, Any]) -> dict[str, Any]:
    call = begun["call"]
    return {**call, "function": {**call["function"], "arguments": "".join(begun["pieces"])}}


_READERS: Final[dict[str, Callable[[CohereStreamDecoder, Mapping[str, Any]], None]]] = {
    "message-start": CohereStreamDecoder._read_start,
    "content-start": CohereStreamDecoder._read_content,
    "content-delta": CohereStreamDecoder._read_content,
    "tool-plan-delta": CohereStreamDecoder._read_plan,
    "tool-call-start": CohereStreamDecoder._read_call_start,
    "tool-call-delta": CohereStreamDecoder._read_call_delta,
    "tool-call-end": CohereStreamDecoder._read_call_end,
    "citation-start": CohereStreamDecoder._read_citation,
    "message-end": CohereStreamDecoder._read_end,
}
