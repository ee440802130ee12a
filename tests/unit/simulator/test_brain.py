"""The brain answers from what it was sent, always the same, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.simulator.brain import decide
from core.llms.simulator.conversation import Conversation, OutputForm, Text, Tool, ToolCall, ToolChoice, Turn

CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
NUMBERS = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    "required": ["a", "b"],
}
WEATHER = Tool("get_weather", "Get the weather of a city", CITY)
NEWS = Tool("get_news", "Read the latest headlines", CITY)
ADD = Tool("add", "Add two numbers", NUMBERS)
MULTIPLY = Tool("multiply", "Multiply two numbers", NUMBERS)


def user(text: str) -> Turn:
    return Turn("user", (Text(text),))


def said(*texts: str) -> str:
    return decide(Conversation(tuple(user(text) for text in texts))).text


def calls(text: str, *tools: Tool, **fields: Any) -> list[tuple[str, Any]]:
    conversation = Conversation((user(text),), tools, **fields)
    return [(call.name, json.loads(call.arguments)) for call in decide(conversation).tool_calls]


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        (("My name is Ada.", "What is my name?"), "Your name is Ada."),
        (("I'm Grace Hopper, hello", "What's my name?"), "Your name is Grace Hopper."),
        (
            ("My favourite colour is blue and I like cats", "what is my favourite colour?"),
            "Your favourite colour is blue.",
        ),
        (("The secret code is 1234.", "Tell me the secret code."), "Your secret code is 1234."),
        (("What is 17 + 25?",), "42"),
        (("Work out 7 divided by 2",), "3.5"),
        (("Count from 2 to 5",), "2, 3, 4, 5"),
        (("Reply with exactly: OK",), "OK"),
        (('Say "hello there"',), "hello there"),
        (("Write 3 words",), "the quick brown"),
        (("Hello!",), 'You said: "Hello!" This conversation has 1 message.'),
        (("What is 1 divided by 0?",), 'You said: "What is 1 divided by 0?" This conversation has 1 message.'),
    ],
)
def test_brain_answers_plain_questions(texts: tuple[str, ...], answer: str) -> None:
    assert said(*texts) == answer


def test_brain_mentions_its_instructions() -> None:
    turns = (Turn("system", (Text("Be kind."),)), user("Hello!"))
    assert decide(Conversation(turns)).text == (
        'You said: "Hello!" My instructions are: "Be kind." This conversation has 2 messages.'
    )


def test_brain_answers_the_same_twice_and_differs_between_choices() -> None:
    conversation = Conversation((user("Hello!"),))
    assert decide(conversation) == decide(conversation)
    assert decide(conversation, 1).text == f"{decide(conversation).text} (choice 2)"


@pytest.mark.parametrize(
    ("text", "tools", "expected"),
    [
        ("What is the weather in Paris?", (WEATHER, NEWS), [("get_weather", {"city": "Paris"})]),
        ("what's the weather in paris", (WEATHER,), [("get_weather", {"city": "paris"})]),
        ("Weather in Florence, Italy?", (WEATHER,), [("get_weather", {"city": "Florence, Italy"})]),
        (
            "Weather in Paris, London and Rome?",
            (WEATHER,),
            [
                ("get_weather", {"city": "Paris"}),
                ("get_weather", {"city": "London"}),
                ("get_weather", {"city": "Rome"}),
            ],
        ),
        (
            "Give me the weather and the news for Oslo",
            (WEATHER, NEWS),
            [("get_weather", {"city": "Oslo"}), ("get_news", {"city": "Oslo"})],
        ),
        (
            "Add and multiply the numbers 2 and 3",
            (ADD, MULTIPLY),
            [("add", {"a": 2, "b": 3}), ("multiply", {"a": 2, "b": 3})],
        ),
        ("Hello!", (WEATHER, NEWS, ADD), []),
    ],
)
def test_brain_calls_the_tools_that_are_meant(text: str, tools: tuple[Tool, ...], expected: list[Any]) -> None:
    assert calls(text, *tools) == expected


def test_brain_makes_one_call_where_parallel_calls_are_off() -> None:
    text = "Weather in Paris and London?"
    assert calls(text, WEATHER, parallel_tool_calls=False) == [("get_weather", {"city": "Paris"})]


def test_brain_goes_on_with_the_next_call_after_the_first_result() -> None:
    made = ToolCall("get_weather", '{"city": "Paris"}', "call_1")
    turns = (
        user("Weather in Paris and London?"),
        Turn("assistant", (), (made,)),
        Turn("tool", (Text("sunny"),), tool_call_id="call_1"),
    )
    answer = decide(Conversation(turns, (WEATHER,), parallel_tool_calls=False))
    assert [call.arguments for call in answer.tool_calls] == ['{"city":"London"}']


def test_brain_quotes_results_once_all_calls_are_made() -> None:
    made = ToolCall("get_weather", '{"city":"Paris"}', "call_1")
    turns = (
        user("Weather in Paris?"),
        Turn("assistant", (), (made,)),
        Turn("tool", (Text("sunny"),), tool_call_id="call_1"),
    )
    assert decide(Conversation(turns, (WEATHER,))).text == 'get_weather returned: "sunny"'


def test_brain_obeys_the_tool_choice() -> None:
    none, required = ToolChoice("none"), ToolChoice("required")
    assert calls("Weather in Paris?", WEATHER, tool_choice=none) == []
    assert calls("Hello!", WEATHER, NEWS, tool_choice=required) == [("get_weather", {"city": "example city"})]
    named = ToolChoice("required", ("get_news",))
    assert calls("Weather in Paris?", WEATHER, NEWS, tool_choice=named) == [("get_news", {"city": "Paris"})]


def test_brain_refuses_on_the_trigger_word() -> None:
    answer = decide(Conversation((user("please [[refuse]]"),), (WEATHER,)))
    assert (answer.refusal, answer.text, answer.tool_calls) == ("I'm sorry, but I can't help with that.", "", ())


def test_brain_answers_in_the_form_asked_for() -> None:
    schema = {"type": "object", "properties": {"answer": {"type": "integer"}}, "required": ["answer"]}
    form = OutputForm("json_schema", schema)
    assert decide(Conversation((user("What is 6 times 7?"),), output_form=form)).text == '{"answer":42}'
    free = OutputForm("json_object")
    assert json.loads(decide(Conversation((user("json: what is 6 times 7?"),), output_form=free)).text) == {
        "answer": "42"
    }


def test_free_json_follows_a_schema_that_the_instructions_describe() -> None:
    schema = '{"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}'
    asked = Conversation(
        (
            Turn("system", (Text(f"Answer {{in JSON}} that fits this schema: {schema}"),)),
            Turn("user", (Text("Alice lives in Paris."),)),
        ),
        output_form=OutputForm("json_object"),
    )
    assert decide(asked).text == '{"city":"Paris"}'
