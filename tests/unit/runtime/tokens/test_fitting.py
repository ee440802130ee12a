from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.llms import fit_messages, fit_messages_async
from core.llms.errors import InvalidRequestError, PromptTooLongError, UnknownModelError
from core.llms.registry.current import default_registry
from core.llms.runtime.token_utils import count_chat_tokens
from core.llms.types.content import CachePoint, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import Tool

WORDS = "one two three four five six seven eight nine ten "
SYSTEM = SystemMessage("Be brief.")
TOOL = Tool("look", "Look something up.", {"type": "object", "properties": {"what": {"type": "string"}}})


def call(id: str) -> ToolCall:
    return ToolCall.parse(id, "look", json.dumps({"what": WORDS}))


def calling(*ids: str) -> AssistantMessage:
    return AssistantMessage(tuple(call(id) for id in ids))


def result(id: str, text: str = WORDS) -> ToolMessage:
    return ToolMessage(text, tool_call_id=id)


def size(messages: Sequence[Message], **options: Any) -> int:
    return count_chat_tokens(messages, model_id="gpt-4o", **options).tokens


def talk(turns: int) -> list[Message]:
    spoken: list[Message] = [SYSTEM]
    for turn in range(turns):
        spoken += [UserMessage(f"question {turn}: {WORDS * 3}"), AssistantMessage(f"answer {turn}: {WORDS * 3}")]
    return [*spoken, UserMessage("and now?")]


def test_conversation_that_fits_comes_back_as_it_was() -> None:
    fitted = fit_messages(talk(3), 10_000)
    assert fitted.messages == tuple(talk(3))
    assert (fitted.is_changed, fitted.dropped_count, fitted.truncated_count) == (False, 0, 0)
    assert fitted.tokens_before == fitted.tokens_after == size(talk(3))
    assert fitted.is_exact


def test_oldest_turns_go_first_and_instructions_stay() -> None:
    messages = talk(4)
    fitted = fit_messages(messages, 150)
    assert fitted.messages == (SYSTEM, *messages[7:])
    assert fitted.dropped == tuple(messages[1:7])
    assert fitted.tokens_after == size(fitted.messages) <= 150 < fitted.tokens_before == size(messages)
    assert fitted.limit == 150


def test_no_more_than_needed_is_dropped() -> None:
    messages = talk(4)
    limit = size([SYSTEM, *messages[3:]])
    assert fit_messages(messages, limit).messages == (SYSTEM, *messages[3:])


def test_conversation_does_not_begin_with_an_answer() -> None:
    messages = talk(4)
    limit = size([SYSTEM, *messages[2:]])
    assert fit_messages(messages, limit).messages == (SYSTEM, *messages[3:])


def test_first_question_stays_where_it_is_asked_for() -> None:
    messages = talk(4)
    fitted = fit_messages(messages, 200, keep_first_user=True)
    assert fitted.messages[:2] == (SYSTEM, messages[1])
    assert fitted.messages[-1] == messages[-1]
    assert fitted.tokens_after <= 200


def test_middle_goes_and_both_ends_stay() -> None:
    messages = talk(5)
    fitted = fit_messages(messages, 300, strategy="drop_middle")
    assert fitted.messages[:2] == tuple(messages[:2])
    assert fitted.messages[-2:] == tuple(messages[-2:])
    assert fitted.dropped == tuple(messages[messages.index(fitted.dropped[0]) :][: fitted.dropped_count])
    assert fitted.tokens_after <= 300


def test_call_goes_with_all_of_its_results() -> None:
    messages: list[Message] = [
        SYSTEM,
        UserMessage("go"),
        calling("a", "b"),
        result("a"),
        result("b"),
        calling("c"),
        result("c"),
        AssistantMessage("done"),
    ]
    whole = size(messages)
    fitted = fit_messages(messages, whole - 1)
    assert fitted.dropped == tuple(messages[2:5])
    assert fitted.messages == (SYSTEM, messages[1], *messages[5:])


def test_last_call_stays_with_its_results() -> None:
    messages: list[Message] = [
        UserMessage("go"),
        calling("a"),
        result("a"),
        calling("b", "c"),
        result("b"),
        result("c"),
    ]
    fitted = fit_messages(messages, size(messages) - 1)
    assert fitted.messages == (messages[0], *messages[3:])


@pytest.mark.parametrize("strategy", ["drop_oldest", "drop_middle"])
def test_what_must_stay_and_does_not_fit_raises(strategy: Any) -> None:
    messages: list[Message] = [SYSTEM, UserMessage("hello"), AssistantMessage("hi"), UserMessage(WORDS * 50)]
    with pytest.raises(PromptTooLongError, match=r"do not fit: \d+ tokens .* 100 is the limit") as caught:
        fit_messages(messages, 100, strategy=strategy)
    assert isinstance(caught.value, ValueError)


def test_longest_texts_are_cut_to_one_length_with_a_marker() -> None:
    messages: list[Message] = [
        SystemMessage(WORDS * 8),
        UserMessage([TextPart(WORDS * 40), CachePoint(), TextPart("short")]),
        AssistantMessage([ReasoningPart("thought"), TextPart("brief"), call("a")]),
        result("a", WORDS * 60),
        UserMessage("and now?"),
    ]
    fitted = fit_messages(messages, 300, strategy="truncate_longest")
    assert fitted.tokens_after <= 300
    assert (fitted.truncated_count, fitted.dropped_count, len(fitted.messages)) == (2, 0, 5)
    assert fitted.messages[0] == messages[0]
    assert fitted.messages[2] == messages[2]
    first, point, second = fitted.messages[1].parts
    assert isinstance(first, TextPart)
    assert (point, second) == (CachePoint(), TextPart("short"))
    assert first.text.endswith(" […]")
    assert (WORDS * 40).startswith(first.text.removesuffix(" […]"))
    assert abs(len(first.text) - len(fitted.messages[3].text)) <= len(WORDS)
    assert fitted.tokens_after > 280


def test_texts_are_not_cut_below_sense() -> None:
    with pytest.raises(PromptTooLongError):
        fit_messages([UserMessage(WORDS * 3) for _ in range(50)], 100, strategy="truncate_longest")


def test_summary_takes_the_place_of_what_is_dropped() -> None:
    seen: list[tuple[Message, ...]] = []

    def summarise(dropped: tuple[Message, ...]) -> str:
        seen.append(dropped)
        return "Earlier: four questions."

    messages = talk(6)
    fitted = fit_messages(messages, 250, strategy=summarise)
    assert seen == [fitted.dropped]
    assert fitted.messages[:2] == (SYSTEM, SystemMessage("Earlier: four questions."))
    assert fitted.messages[2:] == tuple(messages[1 + fitted.dropped_count :])
    assert fitted.tokens_after <= 250


def test_summary_may_be_messages_and_is_not_asked_for_in_vain() -> None:
    def fail(dropped: tuple[Message, ...]) -> str:
        raise AssertionError(dropped)

    assert not fit_messages(talk(2), 10_000, strategy=fail).is_changed
    spoken = UserMessage("What was said before: nothing.")
    assert fit_messages(talk(6), 250, strategy=lambda dropped: spoken).messages[1] == spoken
    assert fit_messages(talk(6), 250, strategy=lambda dropped: [spoken]).messages[1] == spoken


def test_summary_that_is_too_long_raises() -> None:
    with pytest.raises(PromptTooLongError, match="summarised so long"):
        fit_messages(talk(6), 250, strategy=lambda dropped: WORDS * 60)


async def test_summariser_may_be_a_coroutine_function() -> None:
    async def summarise(dropped: tuple[Message, ...]) -> str:
        return f"{len(dropped)} messages"

    fitted = await fit_messages_async(talk(6), 250, strategy=summarise)
    assert fitted.messages[1] == SystemMessage(f"{fitted.dropped_count} messages")
    assert await fit_messages_async(talk(4), 150) == fit_messages(talk(4), 150)
    assert not (await fit_messages_async(talk(2), 10_000, strategy=summarise)).is_changed
    with pytest.raises(InvalidRequestError, match="fit_messages_async"):
        fit_messages(talk(6), 250, strategy=summarise)  # type: ignore[arg-type]


def test_tools_and_schema_take_their_room() -> None:
    messages = talk(4)
    tools = [TOOL] * 3
    plain, tooled = fit_messages(messages, 350), fit_messages(messages, 350, tools=tools)
    assert tooled.dropped_count > plain.dropped_count
    assert tooled.tokens_after == size(tooled.messages, tools=tools) <= 350


def test_limit_is_the_context_of_the_model_less_the_answer() -> None:
    profile = default_registry().get("openai/gpt-4o")
    context = profile.capabilities.context_window
    assert context is not None
    assert fit_messages("Hi", model="openai/gpt-4o", reserve_output=1_000).limit == context - 1_000
    assert fit_messages("Hi", 500, model="openai/gpt-4o").limit == 500
    estimated = fit_messages(talk(4), 200, model="claude-sonnet-4-6")
    assert not estimated.is_exact
    assert estimated.tokens_after == count_chat_tokens(estimated.messages, model_id="claude-sonnet-4-6").tokens <= 200


def test_limit_that_is_not_known_is_an_error() -> None:
    with pytest.raises(InvalidRequestError, match="give `max_tokens` or `model`"):
        fit_messages("Hi")
    with pytest.raises(UnknownModelError):
        fit_messages("Hi", model="no-such-model-anywhere")
    assert fit_messages("Hi", 100, model="no-such-model-anywhere").limit == 100
    with pytest.raises(InvalidRequestError, match="nothing is left"):
        fit_messages("Hi", 100, reserve_output=100)
    with pytest.raises(InvalidRequestError, match="must be drop_oldest"):
        fit_messages("Hi", 100, strategy="drop_newest")  # type: ignore[arg-type]


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    messages: list[Message] = [SYSTEM] if draw(st.booleans()) else []
    for turn in range(draw(st.integers(1, 6))):
        messages.append(UserMessage(WORDS * draw(st.integers(1, 4))))
        for step in range(draw(st.integers(0, 3))):
            ids = [f"{turn}-{step}-{place}" for place in range(draw(st.integers(1, 3)))]
            messages += [calling(*ids), *(result(id) for id in ids)]
        messages.append(AssistantMessage(WORDS))
    return messages


@settings(max_examples=120, deadline=None)
@given(messages=conversations(), limit=st.integers(20, 600), strategy=st.sampled_from(["drop_oldest", "drop_middle"]))
def test_whatever_is_dropped_no_call_is_without_results_and_no_result_without_call(
    messages: list[Message], limit: int, strategy: Any
) -> None:
    try:
        fitted = fit_messages(messages, limit, strategy=strategy)
    except PromptTooLongError:
        return
    assert fitted.tokens_after <= limit
    called = [
        call.id for message in fitted.messages if isinstance(message, AssistantMessage) for call in message.tool_calls
    ]
    answered = [message.tool_call_id for message in fitted.messages if isinstance(message, ToolMessage)]
    assert called == answered
    places = [next(i for i, one in enumerate(messages) if one is message) for message in fitted.messages]
    assert places == sorted(places)
    assert len(fitted.messages) + fitted.dropped_count == len(messages)
