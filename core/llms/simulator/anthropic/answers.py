"""From what was decided to the blocks of a message, within the limit of tokens: each whole, and as a stream has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.anthropic.citations import document_citations
from core.llms.simulator.anthropic.counting import call_tokens, load
from core.llms.simulator.anthropic.seals import identifier, seal_data, sign_thinking
from core.llms.simulator.anthropic.thinking import plan_thinking
from core.llms.simulator.generation import generate_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.anthropic.models import Model
    from core.llms.simulator.anthropic.turns import Turn
    from core.llms.simulator.conversation import Answer, Conversation
    from core.llms.simulator.exchange import Call

# The text with which the vendor lets its users test redaction (Anthropic, "Extended thinking").
_REDACTION_TRIGGER = (
    "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB"
)
_FRAGMENT_CHARACTERS = 8
_THINKING_CHARACTERS = 24
_PLAIN_THOUGHT = "I look for what is asked, and answer it."


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the answer: whole, as it begins in a stream, and the deltas that follow."""

    whole: dict[str, Any]
    start: dict[str, Any]
    deltas: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """The blocks in order, what was spent on them, and why they ended."""

    blocks: tuple[Block, ...]
    token_count: int
    thinking_tokens: int
    searches: int
    stop_reason: str
    stop_sequence: str | None = None
    stop_details: dict[str, Any] | None = None


def create_output(
    call: Call, body: dict[str, Any], turns: Sequence[Turn], model: Model, conversation: Conversation, room: int
) -> Output:
    """The answer to a conversation; `room` is how many tokens the model's window leaves."""
    answer = call.decide(conversation, 0)
    if answer.refusal is not None:
        details = {"type": "refusal", "category": "general_harms", "explanation": answer.refusal}
        return Output((), 1, 0, 0, answer.finish_reason or "refusal", None, details)
    writer = _Writer(call, body, model, min(body["max_tokens"], room))
    thought = writer.think(answer, conversation)
    if writer.stop_reason is None:
        searched = conversation.web_search and bool(answer.citations)
        if searched:
            writer.search(conversation.gist, answer)
        if answer.text or not answer.tool_calls:
            writer.speak(answer, [] if searched else document_citations(turns))
        if writer.stop_reason is None:
            writer.call_tools(answer)
    cut = "max_tokens" if body["max_tokens"] <= room else "model_context_window_exceeded"
    reason = cut if writer.stop_reason == "limit" else writer.stop_reason
    if reason is None:
        reason = "tool_use" if answer.tool_calls else "end_turn"
    return Output(
        tuple(writer.blocks),
        writer.spent,
        thought,
        writer.searches,
        answer.finish_reason or reason,
        writer.stop_sequence,
    )


class _Writer:
    def __init__(self, call: Call, body: dict[str, Any], model: Model, limit: int) -> None:
        self._call = call
        self._body = body
        self._model = model
        self._left = limit
        self.blocks: list[Block] = []
        self.spent = 0
        self.searches = 0
        self.stop_reason: str | None = None
        self.stop_sequence: str | None = None

    def think(self, answer: Answer, conversation: Conversation) -> int:
        """Add a block of thinking where there is any; returns how many tokens it took."""
        plan = plan_thinking(self._body, self._model)
        if not self._left:
            self.stop_reason = "limit"
            return 0
        if not plan.is_on:
            return 0
        thought = min(plan.tokens, self._left)
        self._spend(thought)
        if not self._left:
            self.stop_reason = "limit"
        text = answer.reasoning_summary or _PLAIN_THOUGHT
        if _REDACTION_TRIGGER in conversation.gist:
            redacted = {"type": "redacted_thinking", "data": seal_data(text)}
            self.blocks.append(Block(redacted, redacted))
            return thought
        shown = text if plan.is_shown else ""
        signature = sign_thinking(shown, text)
        deltas = [{"type": "thinking_delta", "thinking": piece} for piece in _pieces(shown, _THINKING_CHARACTERS)]
        deltas.append({"type": "signature_delta", "signature": signature})
        whole = {"type": "thinking", "thinking": shown, "signature": signature}
        self.blocks.append(Block(whole, {"type": "thinking", "thinking": "", "signature": ""}, tuple(deltas)))
        return thought

    def search(self, query: str, answer: Answer) -> None:
        """Add a search of the vendor's own and its result."""
        self.searches += 1
        identity = identifier("srvtoolu_", self._call, "search")
        use: dict[str, Any] = {"type": "server_tool_use", "id": identity, "name": "web_search"}
        use["input"] = {"query": query}
        fragments = _fragments(to_json(use["input"]).decode())
        self.blocks.append(Block(use, use | {"input": {}}, tuple(fragments)))
        results = [
            {
                "type": "web_search_result",
                "title": citation.title,
                "url": citation.url,
                "encrypted_content": seal_data(citation.title),
                "page_age": None,
            }
            for citation in answer.citations
        ]
        result: dict[str, Any] = {"type": "web_search_tool_result", "tool_use_id": identity, "content": results}
        self.blocks.append(Block(result, result))
        self._spend(call_tokens("web_search", query))

    def speak(self, answer: Answer, citations: list[dict[str, Any]]) -> None:
        """Add the text, as far as the tokens go or to the first stop sequence."""
        stops = self._body.get("stop_sequences", [])
        generated = generate_text(load(), answer.text, self._left, stops)
        self._spend(generated.token_count)
        if generated.ended == "length":
            self.stop_reason = "limit"
        elif generated.text != answer.text:
            self.stop_reason = "stop_sequence"
            rest = answer.text[len(generated.text) :]
            self.stop_sequence = next(stop for stop in stops if rest.startswith(stop))
        citations = citations + _web_citations(answer) if generated.text else []
        whole: dict[str, Any] = {"type": "text", "text": generated.text}
        deltas: list[dict[str, Any]] = [{"type": "text_delta", "text": piece.text} for piece in generated.pieces]
        start: dict[str, Any] = {"type": "text", "text": ""}
        if citations:
            whole["citations"], start["citations"] = citations, []
            deltas += [{"type": "citations_delta", "citation": citation} for citation in citations]
        if generated.text:
            self.blocks.append(Block(whole, start, tuple(deltas)))

    def call_tools(self, answer: Answer) -> None:
        """Add the calls that fit into the tokens left."""
        for position, tool_call in enumerate(answer.tool_calls):
            arguments = tool_call.arguments
            cost = call_tokens(tool_call.name, arguments)
            if cost > self._left:
                self.stop_reason = "limit"
                spare = max(0, self._left - (cost - load().count(arguments)))
                arguments, cost = load().cut(arguments, spare)[0], self._left
            self._spend(cost)
            identity = tool_call.id or identifier("toolu_", self._call, str(position))
            start: dict[str, Any] = {"type": "tool_use", "id": identity, "name": tool_call.name, "input": {}}
            start["caller"] = {"type": "direct"}
            self.blocks.append(Block(start | {"input": _parsed(arguments)}, start, tuple(_fragments(arguments))))
            if self.stop_reason is not None:
                return

    def _spend(self, count: int) -> None:
        self.spent += count
        self._left = max(0, self._left - count)


def _web_citations(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "type": "web_search_result_location",
            "cited_text": citation.title,
            "encrypted_index": seal_data(citation.url),
            "title": citation.title,
            "url": citation.url,
        }
        for citation in answer.citations
    ]


def _fragments(arguments: str) -> list[dict[str, Any]]:
    """Arguments as they stream: an empty piece first, and nothing more where there are none."""
    pieces = ["", *_pieces(arguments, _FRAGMENT_CHARACTERS)] if arguments != "{}" else [""]
    return [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _parsed(arguments: str) -> dict[str, Any]:
    """Arguments as an object; what is none, because it was cut or scripted so, is shown as the vendor shows it."""
    try:
        value = from_json(arguments)
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    return {"INVALID_JSON": arguments} if arguments else {}
