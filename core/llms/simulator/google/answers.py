"""From what was decided to a candidate: its parts in order, within the limit of tokens, and why it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.generation import generate_text, token_logprob
from core.llms.simulator.google.counting import call_tokens, load
from core.llms.simulator.google.signatures import call_id, sign_thought
from core.llms.simulator.google.thinking import plan_thinking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.conversation import Answer, Conversation
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.google.models import Model
    from core.llms.simulator.tokens import Piece

_PLAIN_THOUGHT = "I look for what is asked, and answer it."
_CATEGORIES = ("HATE_SPEECH", "DANGEROUS_CONTENT", "HARASSMENT", "SEXUALLY_EXPLICIT")
_CALLED = "Model generated function call(s)."


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate: its parts, the pieces of its text, what was spent, and fields beside the content."""

    parts: tuple[dict[str, Any], ...]
    pieces: tuple[Piece, ...]
    finish_reason: str
    token_count: int
    thought_tokens: int
    searched: bool = False
    extras: dict[str, Any] = field(default_factory=dict)

    def to_json(self, index: int, *, vertex: bool) -> dict[str, Any]:
        """The candidate as an unstreamed reply has it."""
        content = {"parts": list(self.parts), "role": "model"} if self.parts else {"role": "model"}
        body: dict[str, Any] = {"content": content, "finishReason": self.finish_reason}
        if index or not vertex:
            body["index"] = index
        return body | self.extras


def create_candidate(
    call: Call,
    request: dict[str, Any],
    model: Model,
    conversation: Conversation,
    answer: Answer,
    index: int,
    *,
    vertex: bool,
) -> Candidate:
    """The candidate of an answer."""
    if answer.refusal is not None:
        return _blocked(answer)
    config = request.get("generationConfig") or {}
    plan = plan_thinking(config, model)
    thought = answer.reasoning_summary or _PLAIN_THOUGHT
    signature = sign_thought(thought) if plan.is_on or (model.late and answer.tool_calls) else None
    left = max(0, config.get("maxOutputTokens", model.output_limit) - plan.tokens)
    parts: list[dict[str, Any]] = [{"text": thought, "thought": True}] if plan.is_on and plan.is_shown else []
    pieces: tuple[Piece, ...] = ()
    spent, reason = 0, "STOP"
    if answer.text or not answer.tool_calls:
        pieces, spent, reason = _speak(_plain(answer.text, config), config, left)
        parts += _text_parts(pieces, signature if model.late and not answer.tool_calls else None)
    if answer.tool_calls and reason == "STOP":
        identified = model.late and not vertex
        calls, cost, reason = _function_calls(call, answer, left - spent, index, identified=identified)
        parts += _signed(calls, signature)
        spent += cost
    searched = bool(conversation.web_search and answer.citations)
    extras = _extras(config, conversation, answer, pieces, reason)
    ended = answer.finish_reason or reason
    return Candidate(tuple(parts), pieces, ended, spent, plan.tokens, searched, extras)


def _text_parts(pieces: Sequence[Piece], signature: str | None) -> list[dict[str, Any]]:
    return _signed([{"text": "".join(piece.text for piece in pieces)}] if pieces else [], signature)


def _signed(parts: list[dict[str, Any]], signature: str | None) -> list[dict[str, Any]]:
    """Parts, the first with the signature of the thought that led to them."""
    if parts and signature is not None:
        parts[0]["thoughtSignature"] = signature
    return parts


def _plain(text: str, config: dict[str, Any]) -> str:
    """An enumerated answer is bare text, not JSON."""
    if config.get("responseMimeType") != "text/x.enum":
        return text
    try:
        value = from_json(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _speak(text: str, config: dict[str, Any], left: int) -> tuple[tuple[Piece, ...], int, str]:
    generated = generate_text(load(), text, left, config.get("stopSequences") or ())
    return generated.pieces, generated.token_count, "MAX_TOKENS" if generated.ended == "length" else "STOP"


def _function_calls(
    call: Call, answer: Answer, left: int, index: int, *, identified: bool
) -> tuple[list[dict[str, Any]], int, str]:
    """The calls that fit into the tokens left, what they cost, and why they ended."""
    parts: list[dict[str, Any]] = []
    spent = 0
    for position, tool_call in enumerate(answer.tool_calls):
        cost = call_tokens(tool_call.name, tool_call.arguments)
        if spent + cost > left:
            return parts, left, "MAX_TOKENS"
        arguments = _parsed(tool_call.arguments)
        if arguments is None:
            return parts, spent, "MALFORMED_FUNCTION_CALL"
        spent += cost
        body: dict[str, Any] = {"name": tool_call.name, "args": arguments}
        if identified or tool_call.id:
            body["id"] = tool_call.id or call_id(call, f"{index}.{position}")
        parts.append({"functionCall": body})
    return parts, spent, "STOP"


def _parsed(arguments: str) -> dict[str, Any] | None:
    try:
        value = from_json(arguments)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _blocked(answer: Answer) -> Candidate:
    ratings: list[dict[str, Any]] = [
        {"category": f"HARM_CATEGORY_{name}", "probability": "NEGLIGIBLE"} for name in _CATEGORIES
    ]
    ratings[0] |= {"probability": "HIGH", "blocked": True}
    return Candidate((), (), answer.finish_reason or "SAFETY", 0, 0, extras={"safetyRatings": ratings})


def _extras(
    config: dict[str, Any], conversation: Conversation, answer: Answer, pieces: Sequence[Piece], reason: str
) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if answer.tool_calls and reason == "STOP":
        extras["finishMessage"] = _CALLED
    if config.get("responseLogprobs") and pieces:
        extras |= _logprobs(pieces, config.get("logprobs", 0))
    if conversation.web_search and answer.citations:
        extras["groundingMetadata"] = _grounding(conversation.gist, answer)
    return extras


def _logprobs(pieces: Sequence[Piece], alternatives: int) -> dict[str, Any]:
    chosen = [
        {
            "token": piece.text,
            "tokenId": load().encode(piece.text)[0],
            "logProbability": token_logprob(piece.text, position),
        }
        for position, piece in enumerate(pieces)
    ]
    result: dict[str, Any] = {"chosenCandidates": chosen}
    if alternatives:
        result["topCandidates"] = [
            {"candidates": [entry, *(_alternative(entry, rank) for rank in range(1, alternatives))]} for entry in chosen
        ]
    average = sum(token_logprob(piece.text, position) for position, piece in enumerate(pieces)) / len(pieces)
    return {"avgLogprobs": round(average, 6), "logprobsResult": result}


def _alternative(entry: dict[str, Any], rank: int) -> dict[str, Any]:
    return {"token": f"{entry['token']}~{rank}", "tokenId": rank, "logProbability": entry["logProbability"] - rank}


def _grounding(query: str, answer: Answer) -> dict[str, Any]:
    encoded = answer.text.encode()
    return {
        "webSearchQueries": [query],
        "searchEntryPoint": {"renderedContent": f"<div>{to_json(query).decode()}</div>"},
        "groundingChunks": [{"web": {"uri": citation.url, "title": citation.title}} for citation in answer.citations],
        "groundingSupports": [
            {
                "segment": {
                    "startIndex": len(answer.text[: citation.start].encode()),
                    "endIndex": min(len(encoded), len(answer.text[: citation.end + 1].encode())),
                    "text": answer.text[citation.start : citation.end + 1],
                },
                "groundingChunkIndices": [position],
            }
            for position, citation in enumerate(answer.citations)
        ],
    }
