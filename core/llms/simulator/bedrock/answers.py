"""From what was decided to the blocks of an answer, within the limit of tokens: each whole, and as a stream has it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.anthropic.counting import call_tokens, load
from core.llms.simulator.anthropic.seals import sign_thinking
from core.llms.simulator.bedrock.citations import source_citations, web_citations
from core.llms.simulator.generation import generate_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.anthropic.thinking import ThinkingPlan
    from core.llms.simulator.bedrock.models import Model
    from core.llms.simulator.conversation import Answer, Citation, Conversation
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.generation import GeneratedText

FILTER_TRIGGER = "[[content_filter]]"
FILTERED = "The generated text has been blocked by our content filters."
_REDACTED = "[REDACTED]"
_PLAIN_THOUGHT = "I look for what is asked, and answer it."
_THOUGHT_CHARACTERS = 24
_ARGUMENT_CHARACTERS = 12
_IDENTIFIER_BYTES = 16


@dataclass(frozen=True, slots=True)
class Block:
    """A block: whole (None where it was cut or is malformed), as it begins in a stream (text does not), its deltas."""

    whole: dict[str, Any] | None
    deltas: tuple[dict[str, Any], ...]
    start: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """What it says, cited or not."""
        return "".join(delta.get("text", "") for delta in self.deltas)


@dataclass(frozen=True, slots=True)
class Output:
    """The blocks in order, the tokens spent on them, and why they ended."""

    blocks: tuple[Block, ...]
    tokens: int
    stop_reason: str
    stop_sequence: str | None = None


def create_output(
    call: Call, body: dict[str, Any], model: Model, plan: ThinkingPlan, conversation: Conversation, window_left: int
) -> Output:
    """The answer to a conversation; `window_left` is how many tokens the model's window leaves."""
    answer = call.decide(conversation, 0)
    if answer.refusal is not None or FILTER_TRIGGER in conversation.gist:
        said = answer.refusal or FILTERED
        return text_output(said, answer.finish_reason or "content_filtered", load().count(said))
    inference = body.get("inferenceConfig", {})
    wanted = inference.get("maxTokens", model.max_output)
    cut = "max_tokens" if wanted <= window_left else "model_context_window_exceeded"
    writer = _Writer(call, model, min(wanted, window_left), cut)
    writer.think(plan, answer)
    if conversation.web_search and answer.citations:
        writer.search(conversation.gist)
    if answer.text or not answer.tool_calls:
        writer.speak(answer, inference.get("stopSequences", ()), source_citations(body))
    writer.call_tools(answer)
    return writer.finish(answer)


def text_output(text: str, stop_reason: str, tokens: int) -> Output:
    """One text, said at once."""
    return Output((_text_block(text, (text,)),), tokens, stop_reason)


class _Writer:
    """Adds blocks as long as there are tokens left; `stop_reason` is set once there is a reason to stop."""

    def __init__(self, call: Call, model: Model, limit: int, cut: str) -> None:
        self._call = call
        self._model = model
        self._limit = limit
        self._cut = cut
        self._spent = 0
        self._blocks: list[Block] = []
        self._stop_reason: str | None = None
        self._stop_sequence: str | None = None

    def think(self, plan: ThinkingPlan, answer: Answer) -> None:
        """Add reasoning where there is any."""
        if not plan.is_on:
            return
        self._spend(plan.tokens)
        thought = answer.reasoning_summary or _PLAIN_THOUGHT
        if self._model.family == "nova2":
            shown, signature = _REDACTED, None
        else:
            shown = thought if plan.is_shown else ""
            signature = sign_thinking(shown, thought) if self._model.family == "claude" else None
        self._blocks.append(_reasoning_block(shown, signature))

    def search(self, query: str) -> None:
        """Add a search of the vendor's own, and its result, which the vendor hides."""
        identity = self._identifier("search")
        use = {"name": "nova_grounding", "toolUseId": identity, "type": "server_tool_use"}
        arguments = {"query": query}
        asked = {"toolUse": {"input": to_json(arguments).decode()}}
        self._blocks.append(Block({"toolUse": {**use, "input": arguments}}, (asked,), {"toolUse": use}))
        result = {"status": "success", "toolUseId": identity, "type": "nova_grounding_result"}
        hidden = [{"text": "[HIDDEN]"}]
        whole = {"toolResult": {**result, "content": hidden}}
        self._blocks.append(Block(whole, ({"toolResult": hidden},), {"toolResult": result}))
        self._spend(call_tokens("nova_grounding", query))

    def speak(self, answer: Answer, stops: Sequence[str], citations: list[dict[str, Any]]) -> None:
        """Add the text, as far as the tokens go or to the first stop sequence."""
        if self._stop_reason is not None:
            return
        generated = generate_text(load(), answer.text, self._limit - self._spent, stops)
        self._spend(generated.token_count)
        if generated.ended == "length":
            self._stop_reason = self._cut
        elif generated.text != answer.text:
            self._stop_reason = "stop_sequence"
            rest = answer.text[len(generated.text) :]
            self._stop_sequence = next(stop for stop in stops if rest.startswith(stop))
        if generated.text:
            self._blocks.append(_spoken_block(generated, citations, answer.citations))

    def call_tools(self, answer: Answer) -> None:
        """Add the calls that fit into the tokens left; one that is cut, or is no JSON object, has no whole form."""
        for position, tool_call in enumerate(answer.tool_calls):
            if self._stop_reason is not None:
                return
            arguments = tool_call.arguments
            cost = call_tokens(tool_call.name, arguments)
            left = self._limit - self._spent
            if cost > left:
                self._stop_reason = self._cut
                arguments = load().cut(arguments, max(0, left - (cost - load().count(arguments))))[0]
            value = _object(arguments)
            if value is None and self._stop_reason is None:
                self._stop_reason = "malformed_tool_use"
            use = {"name": tool_call.name, "toolUseId": tool_call.id or self._identifier(str(position))}
            deltas = tuple({"toolUse": {"input": piece}} for piece in _pieces(arguments, _ARGUMENT_CHARACTERS))
            whole = None if value is None else {"toolUse": {**use, "input": value}}
            self._blocks.append(Block(whole, deltas, {"toolUse": use}))
            self._spend(min(cost, left))

    def finish(self, answer: Answer) -> Output:
        """All of it."""
        reason = self._stop_reason or ("tool_use" if answer.tool_calls else "end_turn")
        return Output(tuple(self._blocks), self._spent, answer.finish_reason or reason, self._stop_sequence)

    def _spend(self, count: int) -> None:
        self._spent = min(self._limit, self._spent + count)
        if self._spent == self._limit and self._stop_reason is None:
            self._stop_reason = self._cut

    def _identifier(self, part: str) -> str:
        seed = f"{part}:{self._call.number}:".encode() + self._call.body
        digest = hashlib.blake2b(seed, digest_size=_IDENTIFIER_BYTES).digest()
        return f"tooluse_{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def _reasoning_block(shown: str, signature: str | None) -> Block:
    deltas = [{"reasoningContent": {"text": piece}} for piece in _pieces(shown, _THOUGHT_CHARACTERS)]
    thought = {"text": shown}
    if signature is not None:
        deltas.append({"reasoningContent": {"signature": signature}})
        thought["signature"] = signature
    return Block({"reasoningContent": {"reasoningText": thought}}, tuple(deltas))


def _spoken_block(generated: GeneratedText, citations: list[dict[str, Any]], found: Sequence[Citation]) -> Block:
    pieces = [piece.text for piece in generated.pieces]
    cited = citations + web_citations(found)
    if not cited:
        return _text_block(generated.text, pieces)
    deltas = [{"text": piece} for piece in pieces] + [{"citation": citation} for citation in cited]
    return Block({"citationsContent": {"citations": cited, "content": [{"text": generated.text}]}}, tuple(deltas))


def _text_block(text: str, pieces: Sequence[str]) -> Block:
    return Block({"text": text}, tuple({"text": piece} for piece in pieces))


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _object(arguments: str) -> dict[str, Any] | None:
    try:
        value = from_json(arguments)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
