"""An answer as the events of a stream, in the vendor's order: a citation follows the text that it cites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.cohere.chat import piece_logprobs
from core.llms.simulator.exchange import server_sent_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.cohere.answers import MadeCall
    from core.llms.simulator.cohere.chat import Reply
    from core.llms.simulator.generation import GeneratedText

_DONE = b"data: [DONE]\n\n"
_FRAGMENT_CHARACTERS = 8


def encode_stream(reply: Reply) -> tuple[bytes, ...]:
    """All events of an answer."""
    return (*(encode_event(event) for event in _events(reply)), _DONE)


def encode_event(event: dict[str, Any]) -> bytes:
    """One event, named by its type."""
    return server_sent_event(event, event["type"])


def end_with_error(message: str) -> dict[str, Any]:
    """The end of a message that failed."""
    return {"type": "message-end", "delta": {"error": message, "finish_reason": "ERROR"}}


def _events(reply: Reply) -> Iterator[dict[str, Any]]:
    output = reply.output
    empty = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    yield {"id": reply.id, "type": "message-start", "delta": {"message": empty}}
    if output.thinking is not None:
        yield from _thinking(output.thinking)
    for piece in output.plan.pieces if output.plan is not None else ():
        yield _event("tool-plan-delta", None, {"tool_plan": piece.text})
    for index, call in enumerate(output.calls):
        yield from _call(index, call)
    if output.text is not None:
        yield from _text(reply, output.text)
    yield {"type": "message-end", "delta": {"finish_reason": output.finish_reason, "usage": reply.usage()}}


def _thinking(thinking: GeneratedText) -> Iterator[dict[str, Any]]:
    yield _event("content-start", 0, {"content": {"type": "thinking", "thinking": ""}})
    for piece in thinking.pieces:
        yield _event("content-delta", 0, {"content": {"thinking": piece.text}})
    yield _end("content-end", 0)


def _text(reply: Reply, text: GeneratedText) -> Iterator[dict[str, Any]]:
    index = reply.output.text_index
    waiting = list(enumerate(reply.output.citations))
    yield _event("content-start", index, {"content": {"type": "text", "text": ""}})
    length = 0
    for position, piece in enumerate(text.pieces):
        length += len(piece.text)
        delta = _event("content-delta", index, {"content": {"text": piece.text}})
        yield {**delta, "logprobs": piece_logprobs(piece, position)} if reply.wants_logprobs else delta
        while waiting and waiting[0][1].end <= length:
            number, citation = waiting.pop(0)
            yield _event("citation-start", number, {"citations": citation.to_json(index)})
            yield _end("citation-end", number)
    yield _end("content-end", index)


def _call(index: int, call: MadeCall) -> Iterator[dict[str, Any]]:
    function = {"name": call.name, "arguments": ""}
    yield _event("tool-call-start", index, {"tool_calls": {"id": call.id, "type": "function", "function": function}})
    for start in range(0, len(call.arguments), _FRAGMENT_CHARACTERS):
        fragment = call.arguments[start : start + _FRAGMENT_CHARACTERS]
        yield _event("tool-call-delta", index, {"tool_calls": {"function": {"arguments": fragment}}})
    yield _end("tool-call-end", index)


def _event(kind: str, index: int | None, message: dict[str, Any]) -> dict[str, Any]:
    place = {} if index is None else {"index": index}
    return {"type": kind, **place, "delta": {"message": message}}


def _end(kind: str, index: int) -> dict[str, Any]:
    return {"type": kind, "index": index}
