"""The output items of a response: reasoning, web searches, function calls, messages, within the limit of tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.generation import generate_text
from core.llms.simulator.openai.counting import call_tokens
from core.llms.simulator.openai.logprobs import piece_logprobs
from core.llms.simulator.openai.responses_rules import response_effort
from core.llms.simulator.openai.responses_store import seal_reasoning
from core.llms.simulator.openai.service import reasoning_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.conversation import Answer, Conversation
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.openai.service import Service
    from core.llms.simulator.tokens import Piece, Tokenizer


@dataclass(frozen=True, slots=True)
class Output:
    """The items in order, the pieces of the message's text, and what was spent; `cut_short` by the limit."""

    items: tuple[dict[str, Any], ...]
    pieces: tuple[Piece, ...]
    token_count: int
    reasoning_tokens: int
    cut_short: bool
    searched: bool


def think_by_effort(effort: str | None, answer: Answer, tokenizer: Tokenizer) -> int:
    """How many tokens are thought: so many for each effort, whatever the answer."""
    return reasoning_tokens(effort)


class _Builder:
    def __init__(self, service: Service, call: Call, body: dict[str, Any], model: Model, tokenizer: Tokenizer) -> None:
        self._service = service
        self._call = call
        self._body = body
        self._model = model
        self._tokenizer = tokenizer
        self._include = body.get("include") or ()
        self.items: list[dict[str, Any]] = []
        self.pieces: tuple[Piece, ...] = ()
        self.left: int | None = body.get("max_output_tokens")
        self.spent = 0
        self.cut_short = False

    def spend(self, count: int) -> None:
        """Take tokens from what is left."""
        self.spent += count
        if self.left is not None:
            self.left -= count

    def think(self, wanted: int, answer: Answer) -> int:
        """Add a reasoning item for so many tokens; returns how many were thought."""
        thought = wanted if self.left is None else min(wanted, self.left)
        if not thought:
            return 0
        self.spend(thought)
        self.cut_short = self.left == 0
        item_id = self._id("rs_")
        item: dict[str, Any] = {"id": item_id, "type": "reasoning", "summary": []}
        if (self._body.get("reasoning") or {}).get("summary") is not None and answer.reasoning_summary:
            item["summary"] = [{"type": "summary_text", "text": answer.reasoning_summary}]
        if "reasoning.encrypted_content" in self._include:
            item["encrypted_content"] = seal_reasoning(item_id, answer.reasoning_summary)
        self.items.append(item)
        return thought

    def search(self, query: str, answer: Answer) -> None:
        """Add the item of a web search."""
        action: dict[str, Any] = {"type": "search", "queries": [query], "query": query}
        if "web_search_call.action.sources" in self._include:
            action["sources"] = [{"type": "url", "url": citation.url} for citation in answer.citations]
        self.items.append({"id": self._id("ws_"), "type": "web_search_call", "status": "completed", "action": action})

    def call_functions(self, answer: Answer) -> None:
        """Add the function calls that fit into the tokens left."""
        for tool_call in answer.tool_calls:
            arguments = tool_call.arguments
            cost = len(call_tokens(self._tokenizer, tool_call.name, arguments))
            if self.left is not None and cost > self.left:
                spare = max(0, self.left - (cost - self._tokenizer.count(arguments)))
                arguments = self._tokenizer.cut(arguments, spare)[0]
                cost = self.left
                self.cut_short = True
            self.spend(cost)
            self.items.append(
                {
                    "id": self._id("fc_"),
                    "type": "function_call",
                    "status": "incomplete" if self.cut_short else "completed",
                    "arguments": arguments,
                    "call_id": tool_call.id or self._service.identifier("call_", self._call, str(len(self.items)), 24),
                    "name": tool_call.name,
                }
            )
            if self.cut_short:
                return

    def speak(self, answer: Answer) -> None:
        """Add the message, as far as the tokens go."""
        refused = answer.refusal is not None
        generated = generate_text(self._tokenizer, answer.refusal or answer.text, self.left)
        self.spend(generated.token_count)
        self.pieces = generated.pieces
        self.cut_short = generated.ended == "length"
        if refused:
            part: dict[str, Any] = {"type": "refusal", "refusal": generated.text}
        else:
            wanted = "message.output_text.logprobs" in self._include
            logprobs = piece_logprobs(generated.pieces, self._body.get("top_logprobs") or 0) if wanted else []
            part = {
                "type": "output_text",
                "annotations": _annotations(answer),
                "logprobs": logprobs,
                "text": generated.text,
            }
        status = "incomplete" if self.cut_short else "completed"
        item = {"id": self._id("msg_"), "type": "message", "status": status, "content": [part]}
        if self._model.marks_phases:
            item["phase"] = "final_answer"
        self.items.append(item | {"role": "assistant"})

    def _id(self, prefix: str) -> str:
        return self._service.hex_identifier(prefix, self._call, str(len(self.items)))


def create_output(
    service: Service,
    call: Call,
    body: dict[str, Any],
    model: Model,
    tokenizer: Tokenizer,
    answer: Answer,
    conversation: Conversation,
    count_thoughts: Callable[[str | None, Answer, Tokenizer], int] = think_by_effort,
) -> Output:
    """What the model puts out for an answer."""
    builder = _Builder(service, call, body, model, tokenizer)
    thought = builder.think(count_thoughts(response_effort(body, model), answer, tokenizer), answer)
    searched = bool(conversation.web_search and answer.citations)
    if not builder.cut_short:
        if searched:
            builder.search(conversation.gist, answer)
        if answer.text or answer.refusal is not None or not answer.tool_calls:
            builder.speak(answer)
        if not builder.cut_short:
            builder.call_functions(answer)
    return Output(tuple(builder.items), builder.pieces, builder.spent, thought, builder.cut_short, searched)


def _annotations(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "type": "url_citation",
            "end_index": citation.end,
            "start_index": citation.start,
            "title": citation.title,
            "url": citation.url,
        }
        for citation in answer.citations
    ]
