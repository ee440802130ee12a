"""The conversation between a model and its tools, with models whose answers are given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError, ToolRoundsExceededError
from core.llms.runtime.tool_loop import Answer, ToolRun, run_tool_loop
from core.llms.types.content import Part, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, ToolMessage, UserMessage
from core.llms.types.response import Attempt, Choice, FinishReason, LLMResponse
from core.llms.types.tools import ServerTool, Tool
from core.llms.types.usage import Usage

QUESTION = UserMessage("What is the weather?")


def _respond(*parts: Part, finish: Any = None, **facts: Any) -> LLMResponse:
    calls = any(isinstance(part, ToolCall) for part in parts)
    reason = FinishReason(finish or ("tool_calls" if calls else "stop"))
    facts.setdefault("usage", Usage(10, 5))
    facts.setdefault("cost", Decimal("0.01"))
    return LLMResponse((Choice(AssistantMessage(parts), reason),), **facts)


def _call(id: str, name: str, /, **arguments: Any) -> ToolCall:
    return ToolCall.of(id, name, arguments)


class Script:
    """A model that gives the next of its answers, and keeps what it was asked."""

    def __init__(self, *responses: LLMResponse) -> None:
        self.responses = responses
        self.asked: list[tuple[tuple[Message, ...], int]] = []

    async def __call__(self, messages: tuple[Message, ...], round_index: int) -> LLMResponse:
        self.asked.append((messages, round_index))
        return self.responses[len(self.asked) - 1]


async def _run(answer: Answer, *tools: Any, **options: Any) -> ToolRun:
    return await run_tool_loop(answer, [QUESTION], tools, LLMContext(), **options)


def get_weather(city: str) -> str:
    return f"sunny in {city}"


async def get_time(city: str) -> dict[str, str]:
    return {"city": city, "time": "noon"}


async def test_tool_loop_returns_at_once_where_no_tool_is_asked_for() -> None:
    script = Script(_respond(TextPart("hello"), parsed={"a": 1}, warnings=("dropped x",)))
    run = await _run(script, get_weather)
    assert script.asked == [((QUESTION,), 0)]
    assert run.messages == (QUESTION, AssistantMessage((TextPart("hello"),)))
    assert (run.text, run.rounds, run.cost, run.usage) == ("hello", 1, Decimal("0.01"), Usage(10, 5))
    assert run.message is run.response.message
    assert run.finish_reason.unified == "stop"
    assert (run.parsed, run.tool_calls, run.warnings) == ({"a": 1}, (), ("dropped x",))


async def test_tool_loop_calls_and_tells_in_the_order_of_the_calls() -> None:
    first = _respond(
        TextPart("let me look"), _call("1", "get_weather", city="Rome"), _call("2", "get_time", city="Oslo")
    )
    second = _respond(_call("3", "get_weather", city="Oslo"))
    last = _respond(TextPart("done"))
    script = Script(first, second, last)
    run = await _run(script, get_weather, get_time)
    assert run.messages == (
        QUESTION,
        first.message,
        ToolMessage("sunny in Rome", "1", "get_weather"),
        ToolMessage('{"city":"Oslo","time":"noon"}', "2", "get_time"),
        second.message,
        ToolMessage("sunny in Oslo", "3", "get_weather"),
        last.message,
    )
    assert [(len(messages), index) for messages, index in script.asked] == [(1, 0), (4, 1), (6, 2)]
    assert run.response is last
    assert run.rounds == 3


async def test_tool_loop_adds_up_usage_cost_and_warnings() -> None:
    call = _call("1", "get_weather", city="Rome")
    script = Script(
        _respond(call, usage=Usage(10, 5, cache_read_tokens=2), cost=Decimal("0.001"), warnings=("a", "b")),
        _respond(TextPart("x"), usage=Usage(20, 1), cost=Decimal("0.0005"), warnings=("b", "c")),
    )
    run = await _run(script, get_weather)
    assert run.usage == Usage(30, 6, cache_read_tokens=2)
    assert run.cost == Decimal("0.0015")
    assert run.cost_unknown_reason is None
    assert run.warnings == ("a", "b", "c")


async def test_tool_loop_has_no_cost_where_one_round_has_none() -> None:
    call = _call("1", "get_weather", city="Rome")
    script = Script(_respond(call, cost=None, cost_unknown_reason="no price is known"), _respond(TextPart("x")))
    run = await _run(script, get_weather)
    assert (run.cost, run.cost_unknown_reason) == (None, "no price is known")


async def test_tool_loop_tells_the_model_of_failures_and_goes_on() -> None:
    def fail(city: str) -> str:
        raise ValueError(f"no {city}")

    response = _respond(
        _call("1", "fail", city="Rome"),
        _call("2", "get_whether", city="Rome"),
        _call("3", "get_weather"),
        ToolCall.parse("4", "get_weather", '{"city": '),
        _call("5", "get_weather", city="Rome"),
    )
    run = await _run(Script(response, _respond(TextPart("sorry"))), get_weather, fail)
    results = [message for message in run.messages if isinstance(message, ToolMessage)]
    assert [(result.tool_call_id, result.is_error) for result in results] == [
        ("1", True), ("2", True), ("3", True), ("4", True), ("5", False),
    ]  # fmt: skip
    assert results[0].text == "ValueError: no Rome"
    assert results[1].text == "there is no tool 'get_whether'; the tools are: get_weather, fail"
    assert results[2].text.endswith("- city: is required, and missing")
    assert "not valid JSON" in results[3].text
    assert run.text == "sorry"


async def test_tool_loop_raises_in_its_last_round_without_making_its_calls() -> None:
    made = []

    def look() -> str:
        made.append(1)
        return "x"

    attempt = Attempt("openai", "gpt-4.1", "ok", 0.1)
    script = Script(*(_respond(_call(str(n), "look"), provider="openai", attempts=(attempt,)) for n in range(3)))
    with pytest.raises(ToolRoundsExceededError, match="after 3 rounds the model still asks for look") as caught:
        await _run(script, look, max_rounds=3)
    assert caught.value.response is script.responses[2]
    assert caught.value.attempts == (attempt,) * 3
    assert caught.value.provider == "openai"
    assert len(made) == 2


class Gate:
    """Tools that wait for each other, and count how many run."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.running = self.peak = 0
        self.cancelled: list[int] = []
        self.full = asyncio.Event()
        self.opened = asyncio.Event()

    async def work(self, number: int) -> int:
        self.running += 1
        self.peak = max(self.peak, self.running)
        if self.running == self.expected:
            self.full.set()
        try:
            await self.opened.wait()
            return number
        except asyncio.CancelledError:
            self.cancelled.append(number)
            await asyncio.sleep(0)
            raise
        finally:
            self.running -= 1


@pytest.mark.parametrize("max_parallel", [1, 3, 5])
async def test_tool_loop_runs_no_more_calls_at_once_than_asked(max_parallel: int) -> None:
    gate = Gate(max_parallel)
    script = Script(_respond(*(_call(str(n), "work", number=n) for n in range(5))), _respond(TextPart("x")))
    running = asyncio.create_task(_run(script, gate.work, max_parallel=max_parallel))
    await gate.full.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    assert gate.running == max_parallel
    gate.opened.set()
    run = await running
    assert gate.peak == max_parallel
    assert [message.text for message in run.messages if isinstance(message, ToolMessage)] == ["0", "1", "2", "3", "4"]


async def test_tool_loop_cancels_and_awaits_all_its_calls_when_it_is_cancelled() -> None:
    gate = Gate(2)
    script = Script(_respond(*(_call(str(n), "work", number=n) for n in range(3))))
    running = asyncio.create_task(_run(script, gate.work, max_parallel=2))
    await gate.full.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert sorted(gate.cancelled) == [0, 1]
    assert gate.running == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_tool_loop_answers_the_other_calls_when_one_takes_too_long() -> None:
    async def hang() -> str:
        await asyncio.Event().wait()
        return ""

    script = Script(_respond(_call("1", "hang"), _call("2", "get_weather", city="Rome")), _respond(TextPart("x")))
    run = await _run(script, hang, get_weather, tool_timeout_seconds=0.5)
    assert [message.text for message in run.messages if isinstance(message, ToolMessage)] == [
        "the tool did not finish within 0.5 seconds",
        "sunny in Rome",
    ]


async def test_tool_loop_takes_a_parsed_response_for_an_answer_though_a_tool_carried_it() -> None:
    response = _respond(_call("1", "Person", name="Ada"), parsed={"name": "Ada"})
    run = await _run(Script(response), get_weather)
    assert (run.rounds, run.parsed, run.tool_calls) == (1, {"name": "Ada"}, response.tool_calls)


async def test_tool_loop_goes_on_with_a_turn_that_the_vendor_paused() -> None:
    script = Script(_respond(TextPart("searching"), finish="pause"), _respond(TextPart("found")))
    run = await _run(script, ServerTool({"type": "web_search"}))
    assert (run.rounds, run.text) == (2, "found")


async def test_tool_loop_lets_an_error_of_the_model_through() -> None:
    async def answer(messages: tuple[Message, ...], round_index: int) -> LLMResponse:
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        await _run(answer, get_weather)


@pytest.mark.parametrize(
    ("tools", "options", "message"),
    [
        ((get_weather,), {"max_rounds": 0}, "`max_rounds` must be at least 1, not 0"),
        ((get_weather,), {"max_parallel": 0}, "`max_parallel` must be at least 1, not 0"),
        ((get_weather, Tool("get_weather", function=get_weather)), {}, "two tools have the name 'get_weather'"),
        ((Tool("find"),), {}, "the tool 'find' has no function to call"),
        (({"name": "find", "parameters": {}},), {}, "the tool 'find' has no function to call"),
    ],
)
async def test_tool_loop_refuses_what_cannot_work_before_the_model_is_asked(
    tools: tuple[Callable[..., Any], ...], options: dict[str, Any], message: str
) -> None:
    script = Script(_respond(TextPart("x")))
    with pytest.raises(InvalidRequestError, match=message):
        await _run(script, *tools, **options)
    assert script.asked == []
