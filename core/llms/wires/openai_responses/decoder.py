"""The stream of the Responses API: server-sent events turned into ours, without I/O.

Each event of the wire is read by one small function, found by the name in the SSE frame, or by the JSON's `type` where
the frame has no name. Events without a function (progress of the vendor's tools, parts that were announced) are passed
over undecoded. The end is `response.completed` or `response.incomplete`, whose `response` the same code reads that
reads a whole answer. A refusal streams no `TextDelta`: the deltas make the response's `text`, and it is not in that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

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
from core.llms.types.response import FinishReason, LLMResponse
from core.llms.wires.openai_responses.dialect import ResponsesDialect
from core.llms.wires.openai_responses.failures import create_failure
from core.llms.wires.openai_responses.output import is_item, parse_output, reasoning_text, require_text
from core.llms.wires.openai_responses.parsing import build_response, parse_response
from core.llms.wires.openai_responses.stream_items import ARGUMENTS, REASONING, REFUSAL, SUMMARY, TEXT, StreamItem
from core.llms.wires.sse import SSEDecoder

_UNNAMED = (b"", b"message")
_PARAGRAPH = "\n\n"


class ResponsesStreamDecoder:
    """Decodes one streamed response. See `StreamDecoder` for the contract."""

    __slots__ = (
        "_calls",
        "_dialect",
        "_events",
        "_head",
        "_items",
        "_reasoning_place",
        "_response",
        "_sse",
        "_started",
        "finished",
    )

    def __init__(self, dialect: ResponsesDialect) -> None:
        self.finished = False
        self._dialect = dialect
        self._sse = SSEDecoder()
        self._events: list[StreamEvent] = []
        self._items: dict[int, StreamItem] = {}
        self._head: Mapping[str, Any] = {}
        self._response: LLMResponse | None = None
        self._started = False
        self._calls = 0
        self._reasoning_place: tuple[int, str, int] | None = None

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes.

        Raises:
            APIError: the stream reports an error.
            ProtocolError: an event is not JSON or not of the wire's shape.
        """
        if self.finished:
            return []
        events: list[StreamEvent] = []
        self._events = events
        for name, data in self._sse.feed(chunk):
            read = _READERS.get(name)
            if read is not None:
                read(self, _decode(data))
            elif name in _UNNAMED and data != b"[DONE]":
                self._read_unnamed(_decode(data))
            if events and isinstance(events[-1], StreamFinished):
                break
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` unless the response's end was seen."""
        if not self.finished:
            raise ProtocolError("the stream ended before `response.completed`: the answer is cut")
        return []

    def partial_response(self) -> LLMResponse:
        """Return the response, or what has come of it; one that is not whole ends in `error` and has no usage."""
        if self._response is not None:
            return self._response
        arrived = self._arrived()
        body = {name: self._head[name] for name in ("id", "model") if isinstance(self._head.get(name), str)}
        return build_response({**body, "output": arrived}, arrived, FinishReason("error"), self._dialect)

    def _read_unnamed(self, event: dict[str, Any]) -> None:
        kind = event.get("type")
        read = _READERS.get(kind.encode(errors="replace")) if isinstance(kind, str) else None
        if read is not None:
            read(self, event)
        elif kind is None:
            if not event.get("error"):
                raise ProtocolError("an event of the stream has neither name nor `type`")
            self._read_error(event)

    def _read_text(self, event: dict[str, Any]) -> None:
        delta = _delta(event)
        self._item(event, "message").pieces.append((TEXT, _place(event, "content_index"), delta))
        self._events.append(TextDelta(delta))

    def _read_refusal(self, event: dict[str, Any]) -> None:
        self._item(event, "message").pieces.append((REFUSAL, _place(event, "content_index"), _delta(event)))

    def _read_arguments(self, event: dict[str, Any]) -> None:
        delta = _delta(event)
        item = self._items.get(_place(event, "output_index"))
        # Arguments of a call that was not announced wait for the whole item, which has them and the call's name.
        if item is not None and item.call_index is not None:
            item.pieces.append((ARGUMENTS, 0, delta))
            self._events.append(ToolCallDelta(item.call_index, delta))

    def _read_summary(self, event: dict[str, Any]) -> None:
        self._add_reasoning(event, SUMMARY, _place(event, "summary_index"))

    def _read_reasoning(self, event: dict[str, Any]) -> None:
        self._add_reasoning(event, REASONING, _place(event, "content_index"))

    def _add_reasoning(self, event: dict[str, Any], kind: str, index: int) -> None:
        delta = _delta(event)
        if not delta:
            return
        self._item(event, "reasoning").pieces.append((kind, index, delta))
        self._emit_reasoning(delta, (_place(event, "output_index"), kind, index))

    def _emit_reasoning(self, text: str, place: tuple[int, str, int]) -> None:
        last = self._reasoning_place
        self._reasoning_place = place
        self._events.append(ReasoningDelta(text if last is None or last == place else _PARAGRAPH + text))

    def _read_started(self, event: dict[str, Any]) -> None:
        head = _response_of(event)
        self._head = head
        if not self._started:
            self._started = True
            facts = [value if isinstance(value := head.get(name), str) else None for name in ("id", "model")]
            self._events.append(StreamStarted(*facts))

    def _read_item_added(self, event: dict[str, Any]) -> None:
        index, item = _place(event, "output_index"), _item_of(event)
        if index in self._items:
            raise ProtocolError(f"output item {index} was announced twice")
        self._items[index] = stream_item = StreamItem(item)
        if item["type"] == "function_call":
            self._start_call(stream_item, item)

    def _start_call(self, stream_item: StreamItem, item: Mapping[str, Any]) -> None:
        started = ToolCallStarted(self._calls, require_text(item, "call_id"), require_text(item, "name"))
        stream_item.call_index = self._calls
        self._calls += 1
        self._events.append(started)

    def _read_item_done(self, event: dict[str, Any]) -> None:
        self._finish_item(_place(event, "output_index"), _item_of(event))

    def _finish_item(self, index: int, item: Mapping[str, Any]) -> None:
        """Take the whole item, and give what its deltas did not: some vendors send an item at once."""
        message = parse_output([item], self._dialect.origin)
        stream_item = self._items.setdefault(index, StreamItem(item))
        match item["type"]:
            case "function_call":
                self._finish_call(stream_item, item, message.tool_calls[0])
            case "message":
                if rest := _rest(message.text, stream_item.joined(TEXT)):
                    self._events.append(TextDelta(rest))
            case "reasoning":
                text = reasoning_text(item)
                if text and not stream_item.joined(SUMMARY, REASONING):
                    self._emit_reasoning(text, (index, SUMMARY, 0))
        stream_item.whole = item
        stream_item.pieces.clear()

    def _finish_call(self, stream_item: StreamItem, item: Mapping[str, Any], call: ToolCall) -> None:
        if stream_item.whole is not None:
            return
        if stream_item.call_index is None:
            self._start_call(stream_item, item)
        index = stream_item.call_index or 0
        if rest := _rest(call.arguments_json, stream_item.joined(ARGUMENTS)):
            self._events.append(ToolCallDelta(index, rest))
        self._events.append(ToolCallFinished(index, call))

    def _read_end(self, event: dict[str, Any]) -> None:
        body = _response_of(event)
        if not self._started:
            self._read_started(event)
        if not body.get("output") and self._items:
            body["output"] = self._arrived()
        response = parse_response(body, self._dialect)
        self._finish_open_items(body["output"])
        if response.usage.raw is not None:
            self._events.append(UsageUpdated(response.usage))
        self._events.append(StreamFinished(response))
        self._response = response
        self.finished = True

    def _finish_open_items(self, output: list[Mapping[str, Any]]) -> None:
        """Finish what was announced and had no end of its own, and everything where nothing was announced."""
        if not self._items:
            for index, item in enumerate(output):
                self._finish_item(index, item)
        for index, stream_item in self._items.items():
            if stream_item.whole is None:
                found = next((item for item in output if stream_item.matches(item)), None)
                if found is not None:
                    self._finish_item(index, found)

    def _arrived(self) -> list[Mapping[str, Any]]:
        items = (stream_item.to_item() for _, stream_item in sorted(self._items.items()))
        return [item for item in items if item is not None]

    def _read_error(self, event: dict[str, Any]) -> None:
        raise create_failure(event, self._dialect.errors)

    def _read_failed(self, event: dict[str, Any]) -> None:
        raise create_failure(_response_of(event), self._dialect.errors)

    def _item(self, event: dict[str, Any], kind: str) -> StreamItem:
        index = _place(event, "output_index")
        item = self._items.get(index)
        if item is None:
            item = self._items[index] = StreamItem({"type": kind})
        return item


def _decode(data: bytes) -> dict[str, Any]:
    try:
        event = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise ProtocolError(f"an event of the stream is not valid JSON: {error}") from error
    if type(event) is not dict:
        raise ProtocolError(f"an event of the stream is not a JSON object but {type(event).__name__}")
    return event


def _delta(event: dict[str, Any]) -> str:
    delta = event.get("delta")
    if type(delta) is not str:
        raise ProtocolError(f"`delta` of a {event.get('type')!r} event is not a string")
    return delta


def _place(event: dict[str, Any], name: str) -> int:
    place = event.get(name, 0)
    if type(place) is not int:
        raise ProtocolError(f"`{name}` of a {event.get('type')!r} event is not a number")
    return place


def _item_of(event: dict[str, Any]) -> Mapping[str, Any]:
    item: Mapping[str, Any] | None = event.get("item")
    if not is_item(item) or item is None:
        raise ProtocolError(f"a {event.get('type')!r} event has no item")
    return item


def _response_of(event: dict[str, Any]) -> dict[str, Any]:
    response = event.get("response")
    if type(response) is not dict:
        raise ProtocolError(f"a {event.get('type')!r} event has no response")
    return response


def _rest(whole: str, streamed: str) -> str:
    return whole[len(streamed) :] if whole.startswith(streamed) else ""


_READERS: Final[dict[bytes, Callable[[ResponsesStreamDecoder, dict[str, Any]], None]]] = {
    b"response.output_text.delta": ResponsesStreamDecoder._read_text,
    b"response.function_call_arguments.delta": ResponsesStreamDecoder._read_arguments,
    b"response.reasoning_summary_text.delta": ResponsesStreamDecoder._read_summary,
    b"response.reasoning_text.delta": ResponsesStreamDecoder._read_reasoning,
    b"response.refusal.delta": ResponsesStreamDecoder._read_refusal,
    b"response.output_item.added": ResponsesStreamDecoder._read_item_added,
    b"response.output_item.done": ResponsesStreamDecoder._read_item_done,
    b"response.created": ResponsesStreamDecoder._read_started,
    b"response.queued": ResponsesStreamDecoder._read_started,
    b"response.in_progress": ResponsesStreamDecoder._read_started,
    b"response.completed": ResponsesStreamDecoder._read_end,
    b"response.incomplete": ResponsesStreamDecoder._read_end,
    b"response.failed": ResponsesStreamDecoder._read_failed,
    b"error": ResponsesStreamDecoder._read_error,
}
