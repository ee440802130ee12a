"""The stream of the Messages API: server-sent events turned into ours, without I/O.

Each event of the wire is read by one small function, found by the `type` in its JSON. The end is `message_stop`; the
response is then made of the blocks that arrived, by the code that reads a whole answer.
"""

from __future__ import annotations

from collections.abc import Callable
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
from core.llms.wires.anthropic_messages.failures import create_failure
from core.llms.wires.anthropic_messages.parse import create_response, parse_finish, read_text
from core.llms.wires.anthropic_messages.stream_blocks import StreamBlock
from core.llms.wires.anthropic_messages.usage import merge_usage, parse_usage
from core.llms.wires.sse import SSEDecoder

_PARAGRAPH = "\n\n"
_DELTA_FIELDS = ("type", "delta", "usage", "content", "stop_reason")


class MessagesStreamDecoder:
    """Decodes one streamed message. See `StreamDecoder` for the contract.

    `UsageUpdated` comes with the message's beginning (what the prompt took) and with its end. Blocks that the vendor
    makes for itself (searches, results) give no event; they are in the final message, in their order.
    """

    __slots__ = ("_blocks", "_calls", "_events", "_message", "_reasoned", "_response", "_sse", "finished", "progress")

    def __init__(self) -> None:
        self.finished: bool = False
        self.progress: int = 0
        self._sse = SSEDecoder()
        self._events: list[StreamEvent] = []
        self._message: dict[str, Any] | None = None
        self._blocks: dict[int, StreamBlock] = {}
        self._calls = 0
        self._reasoned: int | None = None
        self._response: LLMResponse | None = None

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an error in the stream, `ProtocolError` for what is not it."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        self._events = events
        for name, data in self._sse.feed(chunk):
            if name == b"ping":
                continue
            event = _decode(data)
            kind = event.get("type")
            read = _READERS.get(kind) if type(kind) is str else None
            if kind == "ping":
                continue
            self.progress += 1
            if read is not None:
                read(self, event)
            elif name == b"error" or event.get("error"):
                raise create_failure(event)
            if events and type(events[-1]) is StreamFinished:
                break
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` unless the message's end was seen."""
        if not self.finished:
            raise ProtocolError("the stream ended before `message_stop`: the answer is cut")
        return []

    def partial_response(self) -> LLMResponse:
        """Return the response, or what has come of it; without a reason of the vendor's it ends in `error`."""
        if self._response is not None:
            return self._response
        reason = (self._message or {}).get("stop_reason")
        return self._assemble(parse_finish(reason) if reason else FinishReason("error"))

    def _assemble(self, finish_reason: FinishReason | None = None) -> LLMResponse:
        blocks = [self._blocks[index] for index in sorted(self._blocks)]
        body = {**(self._message or {}), "content": [block.to_block() for block in blocks]}
        return create_response(body, [block.to_part() for block in blocks], finish_reason)

    def _read_start(self, event: dict[str, Any]) -> None:
        message = event.get("message")
        if type(message) is not dict or self._message is not None:
            raise ProtocolError("the stream begins without a message, or twice")
        parse_finish(message.get("stop_reason"))
        self._message = message
        self._events.append(StreamStarted(read_text(message, "id"), read_text(message, "model")))
        self._update_usage(message.get("usage"))

    def _read_block_start(self, event: dict[str, Any]) -> None:
        index, begun = event.get("index"), event.get("content_block")
        if type(index) is not int or type(begun) is not dict or not isinstance(begun.get("type"), str):
            raise ProtocolError("a content block begins without an index or a type")
        if self._message is None or index in self._blocks:
            raise ProtocolError(f"content block {index} began before the message, or twice")
        block = self._blocks[index] = StreamBlock(begun)
        if block.kind == "tool_use":
            self._start_call(block)
        elif block.kind == "text" and begun.get("text"):
            self._events.append(TextDelta(_require_text(begun, "text")))
        elif block.kind == "thinking" and begun.get("thinking"):
            self._emit_reasoning(index, _require_text(begun, "thinking"))

    def _start_call(self, block: StreamBlock) -> None:
        block.call_index = self._calls
        self._calls += 1
        begun = block.begun
        self._events.append(ToolCallStarted(block.call_index, _require_text(begun, "id"), _require_text(begun, "name")))

    def _read_delta(self, event: dict[str, Any]) -> None:
        try:
            index, delta = event["index"], event["delta"]
            block = self._blocks[index]
            kind = delta["type"]
        except (LookupError, TypeError) as error:
            raise ProtocolError("a delta of the stream belongs to no content block") from error
        text = block.add(delta)
        if not text:
            return
        if kind == "text_delta":
            self._events.append(TextDelta(text))
        elif kind == "thinking_delta":
            self._emit_reasoning(index, text)
        elif kind == "input_json_delta" and block.call_index is not None:
            self._events.append(ToolCallDelta(block.call_index, text))

    def _emit_reasoning(self, index: int, text: str) -> None:
        another = self._reasoned is not None and self._reasoned != index
        self._reasoned = index
        self._events.append(ReasoningDelta(_PARAGRAPH + text if another else text))

    def _read_block_stop(self, event: dict[str, Any]) -> None:
        index = event.get("index")
        block = self._blocks.get(index) if type(index) is int else None
        if block is None:
            raise ProtocolError("a content block ends that did not begin")
        self._finish_block(block)

    def _finish_block(self, block: StreamBlock) -> None:
        if block.part is not None:
            return
        part = block.part = block.to_part()
        if isinstance(part, ToolCall) and block.call_index is not None:
            if part.arguments_json and "input" not in block.pieces:
                self._events.append(ToolCallDelta(block.call_index, part.arguments_json))
            self._events.append(ToolCallFinished(block.call_index, part))

    def _read_message_delta(self, event: dict[str, Any]) -> None:
        if self._message is None:
            raise ProtocolError("the stream's message ends before it began")
        delta, usage = event.get("delta"), event.get("usage")
        if isinstance(delta, dict):
            parse_finish(delta.get("stop_reason"))
            self._message.update(delta)
        if isinstance(usage, dict):
            self._message["usage"] = merge_usage(self._message.get("usage"), usage)
            self._update_usage(self._message["usage"])
        self._message.update({name: value for name, value in event.items() if name not in _DELTA_FIELDS})

    def _update_usage(self, raw: Any) -> None:
        usage = parse_usage(raw)
        if usage.raw is not None:
            self._events.append(UsageUpdated(usage))

    def _read_stop(self, event: dict[str, Any]) -> None:
        if self._message is None:
            raise ProtocolError("the stream ended before its message began")
        for index in sorted(self._blocks):
            self._finish_block(self._blocks[index])
        self._response = self._assemble()
        self._events.append(StreamFinished(self._response))
        self.finished = True

    def _read_error(self, event: dict[str, Any]) -> None:
        raise create_failure(event)


def _decode(data: bytes) -> dict[str, Any]:
    try:
        event = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise ProtocolError(f"an event of the stream is not valid JSON: {error}") from error
    if type(event) is not dict:
        raise ProtocolError(f"an event of the stream is not a JSON object but {type(event).__name__}")
    return event


def _require_text(block: dict[str, Any], name: str) -> str:
    value = block.get(name)
    if type(value) is not str:
        raise ProtocolError(f"`{name}` of a {block.get('type')!r} block is not text")
    return value


_READERS: Final[dict[str, Callable[[MessagesStreamDecoder, dict[str, Any]], None]]] = {
    "message_start": MessagesStreamDecoder._read_start,
    "content_block_start": MessagesStreamDecoder._read_block_start,
    "content_block_delta": MessagesStreamDecoder._read_delta,
    "content_block_stop": MessagesStreamDecoder._read_block_stop,
    "message_delta": MessagesStreamDecoder._read_message_delta,
    "message_stop": MessagesStreamDecoder._read_stop,
    "error": MessagesStreamDecoder._read_error,
}
