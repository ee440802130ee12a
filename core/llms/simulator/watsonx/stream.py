"""A completion as the events of a stream: numbered, the first with the warnings, the last with the usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.llms.simulator.watsonx.chat import Choice, Completion

_PIECES_IN_AN_EVENT = 2
_KIND = "chat.completion.chunk"


def encode_events(values: Iterable[dict[str, Any]]) -> tuple[bytes, ...]:
    """Values as numbered events."""
    return tuple(encode_event(value, number) for number, value in enumerate(values, start=1))


def encode_event(value: dict[str, Any], number: int, name: str = "message") -> bytes:
    """One event."""
    return f"id: {number}\nevent: {name}\ndata: ".encode() + to_json(value) + b"\n\n"


def chunks(completion: Completion) -> Iterator[dict[str, Any]]:
    """The events of a completion, choice after choice."""
    for index, choice in enumerate(completion.choices):
        for position, delta in enumerate(_deltas(choice)):
            chunk = completion.frame(_KIND, [{"index": index, "finish_reason": None, **delta}])
            if not index and not position and completion.warnings:
                chunk["system"] = {"warnings": list(completion.warnings)}
            yield chunk
    yield completion.frame(_KIND, []) | {"usage": completion.usage()}


def _deltas(choice: Choice) -> Iterator[dict[str, Any]]:
    yield {"delta": {"role": "assistant", "content": ""}}
    for start in range(0, len(choice.reasoning), _PIECES_IN_AN_EVENT):
        run = choice.reasoning[start : start + _PIECES_IN_AN_EVENT]
        yield {"delta": {"reasoning_content": "".join(piece.text for piece in run)}}
    for start in range(0, len(choice.pieces), _PIECES_IN_AN_EVENT):
        run = choice.pieces[start : start + _PIECES_IN_AN_EVENT]
        delta: dict[str, Any] = {"delta": {"content": "".join(piece.text for piece in run)}}
        logprobs = choice.logprobs(start, start + _PIECES_IN_AN_EVENT)
        yield delta if logprobs is None else delta | {"logprobs": logprobs}
    if choice.refusal is not None:
        yield {"delta": {"refusal": choice.refusal}}
    last: dict[str, Any] = {"content": ""}
    for index, call in enumerate(choice.tool_calls):
        if index:
            yield {"delta": last}
        named = {"name": call["function"]["name"], "arguments": ""}
        yield {"delta": {"tool_calls": [{"index": index, "id": call["id"], "type": "function", "function": named}]}}
        said = {"name": "", "arguments": call["function"]["arguments"]}
        last = {"tool_calls": [{"index": index, "function": said}]}
    yield {"finish_reason": choice.finish_reason, "delta": last}
