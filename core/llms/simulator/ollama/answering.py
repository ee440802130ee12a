"""From what was decided to what is generated: thinking, words, calls, and why it ended, within the limit of tokens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.conversation import Conversation, OutputForm, ToolChoice
from core.llms.simulator.generation import generate_text, token_logprob
from core.llms.simulator.ollama.errors import ApiError
from core.llms.simulator.ollama.prompts import call_tokens, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.conversation import Answer, Tool, ToolCall, Turn
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.ollama.models import Model
    from core.llms.simulator.tokens import Piece

_LEVEL_TOKENS = {"low": 8, "medium": 16}
_PLAIN_THOUGHT = "I look for what is asked, and answer it."
_IDENTIFIER_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Generated:
    """What came out: pieces of thinking and of text, calls, the reason of the end, and tokens in all."""

    thinking: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    tool_calls: tuple[dict[str, Any], ...]
    done_reason: str
    token_count: int


def plan_thinking(model: Model, think: bool | str | None, name: str) -> int | None:
    """The most tokens of thinking, None for none; a model that can thinks unless told not to. Raises: ApiError."""
    if "thinking" not in model.can:
        if think:
            raise ApiError(f'"{name}" does not support thinking')
        return None
    if model.levels:
        return _LEVEL_TOKENS.get(think if isinstance(think, str) else "medium", 128)
    return None if think is False else 128


def to_conversation(turns: Sequence[Turn], tools: Sequence[Tool], form: Any, *, thinks: bool) -> Conversation:
    """A request as the brain sees it. A format rules calls out, unless there is thinking before it holds."""
    output = OutputForm()
    if form == "json":
        output = OutputForm("json_object")
    elif isinstance(form, dict):
        output = OutputForm("json_schema", form)
    bound = output.kind != "text" and not thinks
    return Conversation(tuple(turns), tuple(tools), ToolChoice("none" if bound else "auto"), output_form=output)


def generate(call: Call, conversation: Conversation, options: dict[str, Any], thinking: int | None) -> Generated:
    """Decide on an answer and generate it."""
    answer = call.decide(conversation, 0)
    limit: int = options.get("num_predict", -1)
    left = limit if limit > 0 else None
    thought = _think(answer, left, thinking)
    spent = sum(piece.token_count for piece in thought)
    calls, text = _rendered(call, answer)
    rest = None if left is None else left - spent
    spoken = generate_text(load(), text, rest, options.get("stop") or ())
    cost = spoken.token_count + sum(call_tokens(made) for made in answer.tool_calls if calls)
    whole = spoken.ended == "stop" and (rest is None or cost <= rest)
    reason = answer.finish_reason or ("stop" if whole else "length")
    kept = calls if whole else ()
    return Generated(thought, spoken.pieces, kept, reason, spent + (cost if rest is None else min(cost, rest)))


def logprobs(pieces: Sequence[Piece], start: int, top: int) -> list[dict[str, Any]]:
    """Log probabilities of a run of pieces, the first at the position `start`."""
    return [_logprob(piece.text, start + offset, top) for offset, piece in enumerate(pieces)]


def _think(answer: Answer, left: int | None, thinking: int | None) -> tuple[Piece, ...]:
    if thinking is None:
        return ()
    most = thinking if left is None else min(left, thinking)
    return generate_text(load(), answer.reasoning_summary or _PLAIN_THOUGHT, most).pieces


def _rendered(call: Call, answer: Answer) -> tuple[tuple[dict[str, Any], ...], str]:
    """The calls, and the text beside them; a call whose arguments cannot be read is text."""
    text = answer.text if answer.refusal is None else answer.refusal
    rendered = []
    for index, made in enumerate(answer.tool_calls):
        arguments = _parsed(made.arguments)
        if arguments is None:
            return (), text + to_json({"name": made.name, "arguments": made.arguments}).decode()
        name = made.id or f"call_{_identifier(call, made, index)}"
        rendered.append({"id": name, "function": {"index": index, "name": made.name, "arguments": arguments}})
    return tuple(rendered), text


def _identifier(call: Call, made: ToolCall, index: int) -> str:
    seed = f"{call.number}:{index}:{made.name}:{made.arguments}".encode()
    return hashlib.blake2b(seed, digest_size=_IDENTIFIER_LETTERS // 2).hexdigest()


def _parsed(arguments: str) -> dict[str, Any] | None:
    try:
        value = from_json(arguments)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _logprob(text: str, position: int, top: int) -> dict[str, Any]:
    chosen: dict[str, Any] = {"token": text, "logprob": token_logprob(text, position), "bytes": list(text.encode())}
    if not top:
        return chosen
    others = [{"token": f"{text}~{rank}", "logprob": chosen["logprob"] - rank} for rank in range(1, top)]
    return chosen | {"top_logprobs": [dict(chosen), *others]}
