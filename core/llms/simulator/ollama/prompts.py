"""Prompts: messages as the brain sees them, what they cost in tokens, and what is cut of them without a word.

How it is cut: the server's source, `server/prompt.go`, read 2026-11-28. Each model has its own tokenizer; text is
counted with `o200k_base`, which is near and not exact.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator.conversation import Image, Part, Text, ToolCall, Turn
from core.llms.simulator.images import NotAnImageError
from core.llms.simulator.images import read_image as read_facts
from core.llms.simulator.ollama.errors import CONTEXT_EXCEEDED, ApiError
from core.llms.simulator.ollama.requests import read_image
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.ollama.models import Model
    from core.llms.simulator.tokens import Tokenizer

_ROLES = ("system", "user", "assistant", "tool")
_TURN_TOKENS = 4
_IMAGE_TOKENS = 768
_NO_VISION = "this model is missing data required for image input"


def load() -> Tokenizer:
    """The tokenizer that stands for those of all models."""
    return load_tokenizer("o200k_base")


def to_turns(messages: Sequence[dict[str, Any]], model: Model) -> list[Turn]:
    """Messages as the brain sees them; one of an unknown role is in no template, and left out. Raises: ApiError."""
    turns: list[Turn] = []
    waiting: list[ToolCall] = []
    for index, message in enumerate(messages):
        role = message.get("role", "").lower()
        parts = _to_parts(message, model)
        if role == "tool":
            turns.append(Turn("tool", parts, tool_call_id=_answered(message, waiting)))
        elif role in _ROLES:
            calls = _to_calls(message, index) if role == "assistant" else ()
            waiting = [*calls] if calls else waiting
            turns.append(Turn(role, parts, calls))
    return turns


def fit_prompt(turns: list[Turn], overhead: int, num_ctx: int, *, truncate: bool) -> tuple[list[Turn], int]:
    """The turns that fit into a context and their tokens, `overhead` included.

    The oldest go first, but for system messages; of the newest its beginning goes. Raises: ApiError where nothing may
    be cut.
    """
    if overhead + count_turns(turns) > num_ctx and not truncate:
        raise ApiError(CONTEXT_EXCEEDED)
    kept = turns
    for start in range(len(turns)):
        first = _block_start(turns, start)
        kept = [turn for turn in turns[:first] if turn.role == "system"] + turns[first:]
        if overhead + count_turns(kept) <= num_ctx:
            return kept, overhead + count_turns(kept)
    excess = overhead + count_turns(kept) - num_ctx
    if excess <= 0 or not kept:
        return kept, overhead + count_turns(kept)
    return [*kept[:-1], _without_beginning(kept[-1], excess)], num_ctx


def count_turns(turns: Sequence[Turn]) -> int:
    """The tokens of turns."""
    return sum(_turn_tokens(turn) for turn in turns)


def call_tokens(call: ToolCall) -> int:
    """What a call of a tool costs, in prompts and in answers."""
    return load().count(to_json({"name": call.name}).decode()) + load().count(call.arguments)


def _to_parts(message: dict[str, Any], model: Model) -> tuple[Part, ...]:
    images = tuple(_to_image(encoded, model) for encoded in message.get("images") or ())
    text = message.get("content", "")
    return (Text(text), *images) if text else images


def _to_image(encoded: str, model: Model) -> Image:
    data = read_image(encoded)
    if "vision" not in model.can:
        raise ApiError(_NO_VISION)
    try:
        read_facts(data)
    except NotAnImageError as error:
        raise ApiError("Failed to load image or audio file") from error
    return Image(data=data)


def _to_calls(message: dict[str, Any], index: int) -> tuple[ToolCall, ...]:
    calls = []
    for position, call in enumerate(message.get("tool_calls") or ()):
        function = call.get("function") or {}
        name = call.get("id") or f"{index}.{position}"
        arguments = to_json(function.get("arguments") or {}).decode()
        calls.append(ToolCall(function.get("name", ""), arguments, name))
    return tuple(calls)


def _answered(message: dict[str, Any], waiting: list[ToolCall]) -> str | None:
    """The call that a result belongs to: by its id, else by the tool's name, else the next that has none."""
    given, name = message.get("tool_call_id"), message.get("tool_name")
    found = next((call for call in waiting if call.id == given), None)
    found = found or next((call for call in waiting if name is None or call.name == name), None)
    if found is None:
        return given
    waiting.remove(found)
    return found.id


def _block_start(turns: Sequence[Turn], index: int) -> int:
    """Where the block begins that a turn belongs to: results stay with the calls they answer."""
    start = index
    while start > 0 and turns[start].role == "tool":
        start -= 1
    return start if turns[start].tool_calls else index


def _turn_tokens(turn: Turn) -> int:
    spoken = sum(load().count(part.text) for part in turn.parts if isinstance(part, Text))
    seen = _IMAGE_TOKENS * sum(isinstance(part, Image) for part in turn.parts)
    return _TURN_TOKENS + spoken + seen + sum(call_tokens(call) for call in turn.tool_calls)


def _without_beginning(turn: Turn, tokens: int) -> Turn:
    pieces = load().split(turn.text)
    dropped = 0
    while pieces and dropped < tokens:
        dropped += pieces.pop(0).token_count
    others = tuple(part for part in turn.parts if not isinstance(part, Text))
    return replace(turn, parts=(Text("".join(piece.text for piece in pieces)), *others))
