"""The stream of the Responses API: server-sent events turned into ours, without I/O.

Each event of the wire is read by one small function, found by the name in the SSE frame, or by the JSON's `type` where
the frame has no name. Events without a function (progress of the vendor's tools, parts that were announced) are passed
over undecoded. The end is `response.completed` or `response.incomplete`, whose `response` the same code reads that
reads a whole answer. A refusal streams no `TextDelta`: the deltas make the response's `text`, and it is not in that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

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
from core.llms.wires.openai_responses.output import parse_output, reasoning_text, require_text
from core.llms.wires.openai_responses.parsing import build_response, parse_response
from core.llms.wires.openai_responses.stream_fields import (
    decode_event,
    read_delta,
    read_item,
    read_place,
    read_response,
    rest_of,
)
from core.llms.wires.openai_responses.stream_items import ARGUMENTS, REASONING, REFUSAL, SUMMARY, TEXT, StreamItem
from core.llms.wires.sse import SSEDecoder

_UNNAMED = (b"", b"message")
# Sent while the model is silent (openai-node, issue 1964 of 2026-07-03): it proves a connection, and no progress.
_KEEP_ALIVE = b"keepalive"
_PARAGRAPH = "\n\n"


class ResponsesStreamDecoder:
    """Decodes one streamed response. See `StreamDecoder` for the contract."""

    __slots__ = (
        "_calls",
        "_dialect",
        "_events",
        "_head",
        "_items",
        "_keep_alives",
        "_reasoning_place",
        "_response",
        "_sse",
        "_started",
        "finished",
    )

    def __init__(self, dialect: ResponsesDialect) -> None:
        self.finished: bool = False
        self._dialect = dialect
        self._sse = SSEDecoder()
        self._events: list[StreamEvent] = []
        self._items: dict[int, StreamItem] = {}
        self._head: Mapping[str, Any] = {}
        self._response: LLMResponse | None = None
        self._started = False
        self._keep_alives = 0
        self._calls = 0
        self._reasoning_place: tuple[int, str, int] | None = None

    @property
    def progress(self) -> int:
        """How many events have arrived, whether or not they were read; the vendor's `keepalive` is none."""
        return self._sse.event_count - self._keep_alives

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
                read(self, decode_event(data))
            elif name in _UNNAMED and data != b"[DONE]":
                self._read_unnamed(decode_event(data))
            elif name == _KEEP_ALIVE:
                self._keep_alives += 1
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
        return build_response({**self._head, "output": arrived}, arrived, FinishReason("error"), self._dialect)

    def _read_unnamed(self, event: dict[str, Any]) -> None:
        kind = event.get("type")
        read = _READERS.get(kind.encode(errors="replace")) if isinstance(kind, str) else None
        if read is not None:
            read(self, event)
        elif kind is None:
            if not event.get("error"):
                raise ProtocolError("an event of the stream has neither name nor `type`")
            self._read_error(event)
        elif kind == _KEEP_ALIVE.decode():
            self._keep_alives += 1

    def _read_text(self, event: dict[str, Any]) -> None:
        delta = read_delta(event)
        self._item(event, "message").pieces.append((TEXT, read_place(event, "content_index"), delta))
        self._events.append(TextDelta(delta))

    def _read_refusal(self, event: dict[str, Any]) -> None:
        self._item(event, "message").pieces.append((REFUSAL, read_place(event, "content_index"), read_delta(event)))

    def _read_arguments(self, event: dict[str, Any]) -> None:
        delta = read_delta(event)
        item = self._items.get(read_place(event, "output_index"))
        # Arguments of a call that was not announced wait for the whole item, which has them and the call's name.
        if item is not None and item.call_index is not None:
            item.pieces.append((ARGUMENTS, 0, delta))
            self._events.append(ToolCallDelta(item.call_index, delta))

    def _read_summary(self, event: dict[str, Any]) -> None:
        self._add_reasoning(event, SUMMARY, read_place(event, "summary_index"))

    def _read_reasoning(self, event: dict[str, Any]) -> None:
        self._add_reasoning(event, REASONING, read_place(event, "content_index"))

    def _add_reasoning(self, event: dict[str, Any], kind: str, index: int) -> None:
        delta = read_delta(event)
        if not delta:
            return
        self._item(event, "reasoning").pieces.append((kind, index, delta))
        self._emit_reasoning(delta, (read_place(event, "output_index"), kind, index))

    def _emit_reasoning(self, text: str, place: tuple[int, str, int]) -> None:
        last = self._reasoning_place
        self._reasoning_place = place
        self._events.append(ReasoningDelta(text if last is None or last == place else _PARAGRAPH + text))

    def _read_started(self, event: dict[str, Any]) -> None:
        if not self._started or event.get("response") is not None:  # some vendors repeat it as null
            self._start(read_response(event))

    def _start(self, head: Mapping[str, Any]) -> None:
        if not self._started:
            self._started = True
            self._head = {name: head[name] for name in ("id", "model") if isinstance(head.get(name), str)}
            self._events.append(StreamStarted(self._head.get("id"), self._head.get("model")))

    def _read_item_added(self, event: dict[str, Any]) -> None:
        index, item = read_place(event, "output_index"), read_item(event)
        if index in self._items:
            raise ProtocolError(f"output item {index} was announced twice")
        self._start({})
        stream_item = StreamItem(item)
        if item["type"] == "function_call":
            self._start_call(stream_item, item)
        self._items[index] = stream_item

    def _start_call(self, stream_item: StreamItem, item: Mapping[str, Any]) -> None:
        started = ToolCallStarted(self._calls, require_text(item, "call_id"), require_text(item, "name"))
        stream_item.call_index = self._calls
        self._calls += 1
        self._events.append(started)

    def _read_item_done(self, event: dict[str, Any]) -> None:
        self._finish_item(read_place(event, "output_index"), read_item(event))

    def _finish_item(self, index: int, item: Mapping[str, Any]) -> None:
        """Take the whole item, and give what its deltas did not: some vendors send an item at once."""
        message = parse_output([item], self._dialect.origin)
        stream_item = self._items.setdefault(index, StreamItem(item))
        match item["type"]:
            case "function_call":
                self._finish_call(stream_item, item, message.tool_calls[0])
            case "message":
                if rest := rest_of(message.text, stream_item.joined(TEXT)):
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
        if rest := rest_of(call.arguments_json, stream_item.joined(ARGUMENTS)):
            self._events.append(ToolCallDelta(index, rest))
        self._events.append(ToolCallFinished(index, call))

    def _read_end(self, event: dict[str, Any]) -> None:
        body = read_response(event)
        self._start(body)
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
        raise create_failure(read_response(event), self._dialect.errors)

    def _item(self, event: dict[str, Any], kind: str) -> StreamItem:
        index = read_place(event, "output_index")
        item = self._items.get(index)
        if item is None:
            item = self._items[index] = StreamItem({"type": kind})
        return item


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
