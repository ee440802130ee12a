"""The choices of a chat completion: what is thought, called and said within the limit of tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.generation import GeneratedText, generate_text
from core.llms.simulator.openai.chat_rules import check_chat_rules, check_context, effective_effort
from core.llms.simulator.openai.counting import call_tokens
from core.llms.simulator.openai.logprobs import chat_logprobs
from core.llms.simulator.openai.service import reasoning_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.conversation import Answer
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.openai.service import Service
    from core.llms.simulator.tokens import Tokenizer


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model thought before it answered: the tokens it took, and the text where the vendor shows it."""

    token_count: int
    generated: GeneratedText | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a completion: the message, why it ended, and its text in pieces for streaming."""

    message: dict[str, Any]
    finish_reason: str
    generated: GeneratedText | None
    logprobs: dict[str, Any] | None
    token_count: int
    thought: Thought


def think_unseen(
    body: dict[str, Any], model: Model, answer: Answer, tokenizer: Tokenizer, limit: int | None
) -> Thought:
    """As many tokens of thinking as the effort takes, within the limit; OpenAI shows none of them on this wire."""
    wanted = reasoning_tokens(effective_effort(body, model))
    return Thought(wanted if limit is None else min(wanted, limit))


def name_call(service: Service, call: Call, part: str) -> str:
    """The identifier of a tool call."""
    return service.identifier("call_", call, part, 24)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a vendor completes a chat where vendors differ; the defaults are OpenAI's.

    `check` holds the request against the vendor's rules and the model, `check_room` the tokens of the prompt (and how
    many of them are tools) against the window; both raise ApiError. `think` comes before each answer. `name_call`
    gives a tool call its identifier; the last argument tells the calls of a completion apart.
    """

    check: Callable[[dict[str, Any], Model], None] = check_chat_rules
    check_room: Callable[[Model, int, int | None, int], None] = check_context
    think: Callable[[dict[str, Any], Model, Answer, Tokenizer, int | None], Thought] = think_unseen
    name_call: Callable[[Service, Call, str], str] = name_call


OPENAI_MANNER = Manner()


@dataclass(frozen=True, slots=True)
class ChoiceWriter:
    """Turns what was decided into choices, within `wanted` tokens where that is given."""

    service: Service
    call: Call
    body: dict[str, Any]
    model: Model
    tokenizer: Tokenizer
    manner: Manner
    wanted: int | None

    def write(self, answer: Answer, index: int) -> Choice:
        """The choice with this index."""
        thought = self.manner.think(self.body, self.model, answer, self.tokenizer, self.wanted)
        left = None if self.wanted is None else max(0, self.wanted - thought.token_count)
        if answer.tool_calls:
            return self._act(answer, index, left, thought)
        return self._speak(answer, left, thought)

    def _act(self, answer: Answer, index: int, left: int | None, thought: Thought) -> Choice:
        calls, count, whole = self._tool_calls(answer, index, left)
        message: dict[str, Any] = {"role": "assistant", "content": answer.text or None}
        message |= {"tool_calls": calls, "refusal": None, "annotations": []}
        reason = answer.finish_reason or ("tool_calls" if whole else "length")
        return Choice(message, reason, None, None, count, thought)

    def _speak(self, answer: Answer, left: int | None, thought: Thought) -> Choice:
        spoken = answer.refusal if answer.refusal is not None else answer.text
        stop = self.body.get("stop") or []
        generated = generate_text(self.tokenizer, spoken, left, [stop] if isinstance(stop, str) else stop)
        field = "refusal" if answer.refusal is not None else "content"
        message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
        message |= {"annotations": _annotations(answer), field: generated.text}
        top = self.body.get("top_logprobs") or 0
        logprobs = chat_logprobs(generated, top, field) if self.body.get("logprobs") else None
        reason = answer.finish_reason or generated.ended
        return Choice(message, reason, generated, logprobs, generated.token_count, thought)

    def _tool_calls(self, answer: Answer, index: int, left: int | None) -> tuple[list[dict[str, Any]], int, bool]:
        """The calls that fit into the tokens left, how many tokens they took, and whether all fitted."""
        rendered = []
        count = self.tokenizer.count(answer.text)
        for position, tool_call in enumerate(answer.tool_calls):
            arguments = tool_call.arguments
            cost = len(call_tokens(self.tokenizer, tool_call.name, arguments))
            cut_short = left is not None and count + cost > left
            if cut_short and left is not None:
                spare = max(0, left - count - (cost - self.tokenizer.count(arguments)))
                arguments = self.tokenizer.cut(arguments, spare)[0]
                cost = left - count
            count += cost
            identifier = tool_call.id or self.manner.name_call(self.service, self.call, f"{index}.{position}")
            function = {"name": tool_call.name, "arguments": arguments}
            rendered.append({"id": identifier, "type": "function", "function": function})
            if cut_short:
                return rendered, count, False
        return rendered, count, True


def _annotations(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "end_index": citation.end,
                "start_index": citation.start,
                "title": citation.title,
                "url": citation.url,
            },
        }
        for citation in answer.citations
    ]
