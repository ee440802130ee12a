"""A chat completion as the chunks of a stream, in the vendor's order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from core.llms.simulator.exchange import server_sent_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.chat_choices import Choice

DONE = b"data: [DONE]\n\n"
_ARGUMENT_CHARACTERS = 8
_OBFUSCATION_BLOCK = 16


def stream_chunks(completion: Completion) -> Iterator[dict[str, Any]]:
    """All chunks of a completion, without the final `[DONE]`."""
    options = completion.request.get("stream_options") or {}
    obfuscate = options.get("include_obfuscation", True)
    wants_usage = bool(options.get("include_usage"))
    for index, choice in enumerate(completion.choices):
        for delta, logprobs, finish_reason in _deltas(choice):
            entry: dict[str, Any] = {"index": index, "delta": delta}
            if not completion.model.reasons:
                entry["logprobs"] = logprobs
            entry["finish_reason"] = finish_reason
            yield _chunk(completion, [entry], wants_usage, None, obfuscate)
    if wants_usage:
        yield _chunk(completion, [], True, completion.usage, obfuscate)


def encode_chunks(chunks: Iterator[dict[str, Any]]) -> tuple[bytes, ...]:
    """Chunks as server-sent events, with the terminal marker."""
    return (*(server_sent_event(chunk) for chunk in chunks), DONE)


def _chunk(
    completion: Completion,
    choices: list[dict[str, Any]],
    with_usage: bool,
    usage: dict[str, Any] | None,
    obfuscate: bool,
) -> dict[str, Any]:
    chunk: dict[str, Any] = {
        "id": completion.id,
        "object": "chat.completion.chunk",
        "created": completion.created,
        "model": completion.model.snapshot,
        "service_tier": completion.service_tier,
        "system_fingerprint": completion.system_fingerprint,
        "choices": choices,
    }
    if with_usage:
        chunk["usage"] = usage
    if obfuscate:
        chunk["obfuscation"] = obfuscation(str(choices))
    return chunk


def obfuscation(content: str) -> str:
    """Padding that hides the length of an event from the network; the same for the same event."""
    digest = hashlib.blake2b(content.encode(), digest_size=_OBFUSCATION_BLOCK).hexdigest()
    return digest[: _OBFUSCATION_BLOCK - len(content) % _OBFUSCATION_BLOCK]


_Delta = tuple[dict[str, Any], dict[str, Any] | None, str | None]


def _deltas(choice: Choice) -> Iterator[_Delta]:
    if choice.generated is None:
        yield from _tool_deltas(choice)
    else:
        yield from _text_deltas(choice)
    yield {}, None, choice.finish_reason


def _text_deltas(choice: Choice) -> Iterator[_Delta]:
    assert choice.generated is not None
    field = "refusal" if choice.message["refusal"] is not None else "content"
    first: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None} | {field: ""}
    if field == "content":
        first["content"] = ""
    yield first, None, None
    for position, piece in enumerate(choice.generated.pieces):
        yield {field: piece.text}, _piece_logprobs(choice, position), None
    if choice.message["annotations"]:
        yield {"annotations": choice.message["annotations"]}, None, None


def _piece_logprobs(choice: Choice, position: int) -> dict[str, Any] | None:
    if choice.logprobs is None:
        return None
    return {field: None if entries is None else [entries[position]] for field, entries in choice.logprobs.items()}


def _tool_deltas(choice: Choice) -> Iterator[_Delta]:
    head: dict[str, Any] = {"role": "assistant", "content": choice.message["content"], "refusal": None}
    for index, call in enumerate(choice.message["tool_calls"]):
        named = call | {"function": {"name": call["function"]["name"], "arguments": ""}}
        yield head | {"tool_calls": [{"index": index, **named}]}, None, None
        head = {}
        for fragment in argument_fragments(call["function"]["arguments"]):
            yield {"tool_calls": [{"index": index, "function": {"arguments": fragment}}]}, None, None


def argument_fragments(arguments: str) -> list[str]:
    """Arguments in the short pieces in which they stream."""
    starts = range(0, len(arguments), _ARGUMENT_CHARACTERS)
    return [arguments[start : start + _ARGUMENT_CHARACTERS] for start in starts]
