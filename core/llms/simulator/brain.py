"""Decides the answer to a conversation: deterministic, from what was sent and nothing else. Knows no vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

from core.llms.simulator import facts
from core.llms.simulator.conversation import Answer, Citation, Text
from core.llms.simulator.hints import Hints
from core.llms.simulator.schemas import fill_schema, find_schema
from core.llms.simulator.sights import describe_part
from core.llms.simulator.tool_plans import plan_tool_calls

if TYPE_CHECKING:
    from core.llms.simulator.conversation import Conversation

REFUSAL_TRIGGER = "[[refuse]]"
REFUSAL = "I'm sorry, but I can't help with that."
_QUOTED_CHARACTERS = 400
_HINT_CHARACTERS = 4000
_SOURCE_URL = "https://example.com/simulated-source"
_SOURCE_TITLE = "A simulated source"


def decide(conversation: Conversation, choice: int = 0) -> Answer:
    """The answer to `conversation`; choices after the first differ from it by a mark in their text."""
    question = conversation.gist
    if REFUSAL_TRIGGER in question:
        return Answer(refusal=REFUSAL)
    summary = _reasoning_summary(question)
    calls = plan_tool_calls(conversation)
    if calls:
        return Answer(tool_calls=calls, reasoning_summary=summary)
    text = _plain_answer(conversation)
    if conversation.output_form.kind != "text":
        return Answer(text=_structured_answer(conversation, text), reasoning_summary=summary)
    if choice:
        text = f"{text} (choice {choice + 1})"
    if conversation.web_search:
        return _cited(text, summary)
    return Answer(text=text, reasoning_summary=summary)


def _reasoning_summary(question: str) -> str:
    return (
        f"**Considering the request**\n\nThe user wrote: {_shortened(question)} I look for what it asks and answer it."
    )


def _plain_answer(conversation: Conversation) -> str:
    question = conversation.gist
    results = _tool_results(conversation)
    if results:
        return results
    parts = _descriptions(conversation)
    said = _simple_answer(conversation, question)
    if parts:
        return "\n".join(parts) if said is None else f"{said}\n" + "\n".join(parts)
    return said or _echo(conversation, question)


def _simple_answer(conversation: Conversation, question: str) -> str | None:
    index = conversation.last_user_index
    earlier = [turn.text for turn in conversation.turns[: max(index, 0)] if turn.role != "assistant"]
    total = facts.computed_sum(question)
    return (
        facts.recalled_fact(question, earlier)
        or facts.counted(question)
        or facts.prose(question)
        or (str(total) if total is not None else None)
        or facts.requested_words(question)
    )


def _echo(conversation: Conversation, question: str) -> str:
    sentences = [f"You said: {_shortened(question)}" if question else "You said nothing."]
    if conversation.instructions:
        sentences.append(f"My instructions are: {_shortened(conversation.instructions)}")
    count = len(conversation.turns)
    sentences.append(f"This conversation has {count} message{'s' if count != 1 else ''}.")
    return " ".join(sentences)


def _tool_results(conversation: Conversation) -> str | None:
    """What the tools returned since the user last spoke, quoted."""
    later = conversation.turns[conversation.last_user_index + 1 :]
    names = {call.id: call.name for turn in later for call in turn.tool_calls}
    quoted = [
        f"{names.get(turn.tool_call_id or '', 'The tool')} returned: {_shortened(turn.text)}"
        for turn in later
        if turn.role == "tool"
    ]
    return "\n".join(quoted) if quoted else None


def _descriptions(conversation: Conversation) -> list[str]:
    """One line for each image, file and sound clip the user sent last."""
    index = conversation.last_user_index
    parts = conversation.turns[index].parts if index >= 0 else ()
    shown = [part for part in parts if not isinstance(part, Text)]
    return [describe_part(part, number + 1) for number, part in enumerate(shown)]


def _structured_answer(conversation: Conversation, text: str) -> str:
    user_texts = conversation.texts(["user", "tool"])
    hints = Hints(
        conversation.gist or "\n".join(user_texts)[-_HINT_CHARACTERS:],
        answer=text,
        number_answer=facts.computed_sum(conversation.gist),
    )
    schema = conversation.output_form.schema
    if conversation.output_form.kind == "json_object":
        described = find_schema(conversation.instructions)
        if described is None:
            return to_json({"answer": text}).decode()
        schema = described
    return to_json(fill_schema(schema, hints)).decode()


def _cited(text: str, summary: str) -> Answer:
    mark = f" ([example.com]({_SOURCE_URL}))"
    citation = Citation(_SOURCE_URL, _SOURCE_TITLE, len(text) + 1, len(text) + len(mark))
    return Answer(text=text + mark, citations=(citation,), reasoning_summary=summary)


def _shortened(text: str) -> str:
    cut = text if len(text) <= _QUOTED_CHARACTERS else text[:_QUOTED_CHARACTERS] + "…"
    return f'"{cut}"'
