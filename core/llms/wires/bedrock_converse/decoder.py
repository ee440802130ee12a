"""The stream of Converse: messages of the binary event stream turned into our events, without I/O.

The end is `messageStop` (why the model stopped) and `metadata` (what it took): a stream without both is cut.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pydantic_core import from_json

from core.llms.errors import APIError, ProtocolError
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
from core.llms.wires.bedrock_converse.failures import create_failure
from core.llms.wires.bedrock_converse.parse import create_response, parse_finish
from core.llms.wires.bedrock_converse.stream_blocks import StreamBlock
from core.llms.wires.bedrock_converse.usage import parse_usage
from core.llms.wires.eventstream import EventStreamDecoder, EventStreamMessage

_PARAGRAPH: Final = "\n\n"
# Random letters that hide an event's length.
_PADDING: Final = "p"


class ConverseStreamDecoder:
    """Decodes one streamed answer. See `StreamDecoder` for the contract.

    Blocks that the vendor makes for itself (its own tools' calls and results) give no event; they are in the final
    message, in their order.
    """

    __slots__ = (
        "_blocks",
        "_body",
        "_calls",
        "_events",
        "_frames",
        "_metadata",
        "_reasoned",
        "_response",
        "_started",
        "_stopped",
        "finished",
        "progress",
    )

    def __init__(self) -> None:
        self.finished: bool = False
        self.progress: int = 0
        self._frames = EventStreamDecoder()
        self._events: list[StreamEvent] = []
        self._body: dict[str, Any] = {}
        self._blocks: dict[int, StreamBlock] = {}
        self._calls = 0
        self._reasoned: int | None = None
        self._started = self._stopped = self._metadata = False
        self._response: LLMResponse | None = None

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an exception in it, `ProtocolError` for what is not a stream."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        self._events = events
        for message in self._frames.feed(chunk):
            self.progress += 1
            headers = message.headers
            if headers.get(":message-type") != "event":
                raise _read_failure(message)
            kind = headers.get(":event-type")
            read = _READERS.get(kind) if type(kind) is str else None
            if read is not None:
                read(self, _decode(message.payload))
                if events and type(events[-1]) is StreamFinished:
                    break
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` unless the answer's end was seen."""
        if not self.finished:
            missing = "metadata" if self._stopped else "messageStop"
            raise ProtocolError(f"the stream ended before `{missing}`: the answer is cut")
        return []

    def partial_response(self) -> LLMResponse:
        """Return the response, or what has come of it; without a reason of the vendor's it ends in `error`."""
        if self._response is not None:
            return self._response
        return self._assemble(None if self._stopped else FinishReason("error"))

    def _assemble(self, finish_reason: FinishReason | None = None) -> LLMResponse:
        blocks = [self._blocks[index] for index in sorted(self._blocks)]
        message = {"role": "assistant", "content": [block.to_block() for block in blocks]}
        body = {"output": {"message": message}, **self._body}
        return create_response(body, [block.to_part() for block in blocks], finish_reason)

    def _read_start(self, event: dict[str, Any]) -> None:
        if self._started:
            raise ProtocolError("the stream's message begins twice")
        self._started = True
        self._events.append(StreamStarted())

    def _read_block_start(self, event: dict[str, Any]) -> None:
        index, begun = _index(event), event.get("start")
        if type(begun) is not dict or index in self._blocks:
            raise ProtocolError(f"content block {index} begins without its kind, or twice")
        block = StreamBlock(begun)
        part = block.to_part()
        self._blocks[index] = block
        if isinstance(part, ToolCall):
            block.call_index = self._calls
            self._calls += 1
            self._events.append(ToolCallStarted(block.call_index, part.id, part.name))

    def _read_delta(self, event: dict[str, Any]) -> None:
        index, delta = _index(event), event.get("delta")
        if type(delta) is not dict:
            raise ProtocolError("a delta of the stream is not an object")
        block = self._blocks.get(index)
        if block is None:
            block = self._blocks[index] = StreamBlock({})
        if block.part is not None:
            raise ProtocolError(f"content block {index} goes on after its end")
        if "toolUse" in delta and "toolUse" not in block.begun:
            raise ProtocolError(f"content block {index} holds arguments of a call that did not begin")
        kind, text = block.add(delta)
        if not text:
            return
        if kind == "text":
            self._events.append(TextDelta(text))
        elif kind == "reasoning":
            another = self._reasoned is not None and self._reasoned != index
            self._reasoned = index
            self._events.append(ReasoningDelta(_PARAGRAPH + text if another else text))
        elif kind == "toolUse" and block.call_index is not None:
            self._events.append(ToolCallDelta(block.call_index, text))

    def _read_block_stop(self, event: dict[str, Any]) -> None:
        block = self._blocks.get(_index(event))
        if block is not None:
            self._finish_block(block)

    def _finish_block(self, block: StreamBlock) -> None:
        if block.part is None:
            part = block.part = block.to_part()
            if isinstance(part, ToolCall) and block.call_index is not None:
                self._events.append(ToolCallFinished(block.call_index, part))

    def _read_stop(self, event: dict[str, Any]) -> None:
        parse_finish(event.get("stopReason"))
        self._stopped = True
        self._take(event)

    def _read_metadata(self, event: dict[str, Any]) -> None:
        self._metadata = True
        usage = parse_usage(event.get("usage"), event)
        if usage.raw is not None:
            self._events.append(UsageUpdated(usage))
        self._take(event)

    def _take(self, event: dict[str, Any]) -> None:
        self._body.update({name: value for name, value in event.items() if name != _PADDING})
        if not (self._stopped and self._metadata):
            return
        for index in sorted(self._blocks):
            self._finish_block(self._blocks[index])
        self._response = self._assemble()
        self._events.append(StreamFinished(self._response))
        self.finished = True


def _read_failure(message: EventStreamMessage) -> APIError | ProtocolError:
    """Make the error of a message that is no event: an exception of the service, or an error of the framing."""
    headers = message.headers
    if headers.get(":message-type") == "exception":
        return create_failure(str(headers.get(":exception-type") or "unknown"), _decode(message.payload))
    if headers.get(":message-type") == "error":
        said = {"message": headers.get(":error-message")}
        return create_failure(str(headers.get(":error-code") or "unknown"), said)
    return ProtocolError("a message of the event stream is neither an event nor an exception")


def _decode(payload: bytes) -> dict[str, Any]:
    try:
        event = from_json(payload, allow_inf_nan=False)
    except ValueError as error:
        raise ProtocolError(f"an event of the stream is not valid JSON: {error}") from error
    if type(event) is not dict:
        raise ProtocolError(f"an event of the stream is not a JSON object but {type(event).__name__}")
    return event


def _index(event: dict[str, Any]) -> int:
    index = event.get("contentBlockIndex")
    if type(index) is not int:
        raise ProtocolError("an event of the stream belongs to no content block")
    return index


_READERS: Final[dict[str, Callable[[ConverseStreamDecoder, dict[str, Any]], None]]] = {
    "messageStart": ConverseStreamDecoder._read_start,
    "contentBlockStart": ConverseStreamDecoder._read_block_start,
    "contentBlockDelta": ConverseStreamDecoder._read_delta,
    "contentBlockStop": ConverseStreamDecoder._read_block_stop,
    "messageStop": ConverseStreamDecoder._read_stop,
    "metadata": ConverseStreamDecoder._read_metadata,
}
