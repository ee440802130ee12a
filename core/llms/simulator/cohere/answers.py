"""From what was decided to the parts of a message, within the limit of tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.cohere.citations import Citation, find_citations
from core.llms.simulator.cohere.counting import load
from core.llms.simulator.cohere.headers import tool_call_id
from core.llms.simulator.generation import GeneratedText, generate_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.cohere.models import ChatModel
    from core.llms.simulator.cohere.prompts import Source
    from core.llms.simulator.conversation import Answer, Conversation
    from core.llms.simulator.exchange import Call

_PLAIN_THOUGHT = "I look for what is asked, and answer it."


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A tool call as it is answered."""

    id: str
    name: str
    arguments: str

    def to_json(self) -> dict[str, Any]:
        """The whole call."""
        return {"id": self.id, "type": "function", "function": {"name": self.name, "arguments": self.arguments}}


@dataclass(frozen=True, slots=True)
class Output:
    """The parts in order, what is billed of them, and why they ended."""

    finish_reason: str
    billed_tokens: int
    thinking_tokens: int = 0
    thinking: GeneratedText | None = None
    text: GeneratedText | None = None
    plan: GeneratedText | None = None
    calls: tuple[MadeCall, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def part_count(self) -> int:
        """How many parts there are."""
        return sum(part is not None for part in (self.thinking, self.text, self.plan)) + len(self.calls)

    @property
    def text_index(self) -> int:
        """Where the text stands among the blocks of the content."""
        return int(self.thinking is not None)


def create_output(
    call: Call,
    body: dict[str, Any],
    model: ChatModel,
    conversation: Conversation,
    sources: Sequence[Source],
    room: int,
) -> Output:
    """The answer to a conversation; `room` is how many tokens the model's window leaves."""
    answer = call.decide(conversation, 0)
    limit = min(body.get("max_tokens", model.max_output), model.max_output, room)
    writer = _Writer(call, body, limit)
    if model.reasons and (body.get("thinking") or {}).get("type") != "disabled":
        writer.think(answer.reasoning_summary or _PLAIN_THOUGHT)
    said = answer.text if answer.refusal is None else answer.refusal
    if answer.tool_calls:
        if writer.thinking is None:
            writer.plan_calls(answer)
        writer.call_tools(answer)
    if said or not answer.tool_calls:
        writer.speak(said)
    return writer.finish(answer, sources)


class _Writer:
    """Writes parts until the tokens are spent."""

    def __init__(self, call: Call, body: dict[str, Any], limit: int) -> None:
        self._call = call
        self._body = body
        self._left = limit
        self._ended: str | None = None
        self._spent = 0
        self._plan: GeneratedText | None = None
        self._text: GeneratedText | None = None
        self._calls: list[MadeCall] = []
        self.thinking: GeneratedText | None = None

    def think(self, thought: str) -> None:
        """Add thoughts, within their own budget too."""
        budget = (self._body.get("thinking") or {}).get("token_budget", self._left)
        within = generate_text(load(), thought, budget)
        self.thinking = self._write(within.text)

    def plan_calls(self, answer: Answer) -> None:
        """Add what a model that does not think says before it calls tools."""
        names = list(dict.fromkeys(call.name for call in answer.tool_calls))
        tools = f"{names[0]} tool" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} tools"
        self._plan = self._write(f"I will use the {tools} to answer.")

    def call_tools(self, answer: Answer) -> None:
        """Add the calls that fit; the arguments of the last one may be cut."""
        for position, wanted in enumerate(answer.tool_calls):
            if self._ended is not None:
                return
            self._spend(load().count(wanted.name))
            arguments = self._write(wanted.arguments).text
            identity = wanted.id or tool_call_id(self._call, wanted.name, position)
            self._calls.append(MadeCall(identity, wanted.name, arguments))

    def speak(self, said: str) -> None:
        """Add the text, up to the first stop sequence."""
        if self._ended is not None:
            return
        self._text = self._write(said, self._body.get("stop_sequences", ()))
        if self._ended is None and self._text.text != said:
            self._ended = "STOP_SEQUENCE"

    def finish(self, answer: Answer, sources: Sequence[Source]) -> Output:
        """The whole output."""
        reason = self._ended or ("TOOL_CALL" if self._calls else "COMPLETE")
        cited = find_citations(self._body, self._text.text, sources) if self._text is not None else ()
        return Output(
            answer.finish_reason or reason,
            self._spent,
            self.thinking.token_count if self.thinking is not None else 0,
            self.thinking,
            self._text,
            self._plan,
            tuple(self._calls),
            cited,
        )

    def _write(self, wanted: str, stops: Sequence[str] = ()) -> GeneratedText:
        generated = generate_text(load(), wanted, self._left, stops)
        self._spend(generated.token_count)
        if generated.ended == "length":
            self._ended = "MAX_TOKENS"
        return generated

    def _spend(self, count: int) -> None:
        self._spent += count
        self._left = max(0, self._left - count)
