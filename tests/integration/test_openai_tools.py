"""Tools against the simulator, over both wires: asked for, called, answered, failing, forced."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from core.llms import (
    LLMContext,
    Tool,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    ToolMessage,
    ToolRoundsExceededError,
    UserMessage,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.simulator import Reply, ScriptedToolCall, Simulator
from tests.integration.models import MODEL, REASONER, WIRES, Person, TextOnlyMetadata, get_weather

QUESTION = "What is the weather in Paris and London?"


def llm_at(sim: Simulator, model: str = MODEL, **options: Any) -> OpenAIBaseLLM:
    return create_openai_llm(model, api_key="sk-test", base_url=sim.openai_base_url, **options)


@pytest.mark.parametrize("wire", WIRES)
async def test_model_asks_for_tools_and_reads_their_results(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        first = await llm.get_answer(QUESTION, tools=[get_weather])
        results = [ToolMessage(get_weather(**call.arguments), call.id) for call in first.tool_calls]
        second = await llm.get_answer([UserMessage(QUESTION), first.message, *results], tools=[get_weather])
    assert first.finish_reason.unified == "tool_calls"
    assert [(call.name, call.arguments) for call in first.tool_calls] == [
        ("get_weather", {"city": "Paris"}),
        ("get_weather", {"city": "London"}),
    ]
    assert second.text == 'get_weather returned: "18 degrees"\nget_weather returned: "rain"'


@pytest.mark.parametrize("wire", WIRES)
async def test_streamed_tool_calls_are_the_same_as_whole_ones(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        whole = await llm.get_answer(QUESTION, tools=[get_weather])
        async with llm.stream_answer(QUESTION, tools=[get_weather]) as stream:
            events = [event async for event in stream]
    finished = [event for event in events if isinstance(event, ToolCallFinished)]
    assert [event.index for event in events if isinstance(event, ToolCallStarted)] == [0, 1]
    assert [call.tool_call.arguments for call in finished] == [call.arguments for call in whole.tool_calls]
    for event in finished:
        pieces = [d.arguments_json for d in events if isinstance(d, ToolCallDelta) and d.index == event.index]
        assert "".join(pieces) == event.tool_call.arguments_json
    assert stream.response.tool_calls == tuple(event.tool_call for event in finished)


@pytest.mark.parametrize("wire", WIRES)
async def test_run_tools_calls_at_once_and_answers(sim: Simulator, wire: str) -> None:
    both_running = asyncio.Barrier(2)

    async def get_weather(city: str, ctx: LLMContext) -> dict[str, Any]:
        """Weather of a city."""
        async with asyncio.timeout(5):
            await both_running.wait()
        return {"city": city, "for": ctx.user_id}

    ctx = LLMContext(user_id="ada")
    async with llm_at(sim, wire=wire) as llm:
        run = await llm.run_tools(QUESTION, ctx, tools=[get_weather])
    assert run.rounds == 2
    assert run.text.splitlines()[0] == 'get_weather returned: "{"city":"Paris","for":"ada"}"'
    assert [message.role for message in run.messages] == ["user", "assistant", "tool", "tool", "assistant"]
    assert run.cost == ctx.cost
    assert run.usage.input_tokens == ctx.ledger.usage.input_tokens


@pytest.mark.parametrize("wire", WIRES)
async def test_failing_tool_is_told_to_the_model_and_the_others_go_on(sim: Simulator, wire: str) -> None:
    def get_weather(city: str) -> str:
        """Weather of a city."""
        if city == "Paris":
            raise RuntimeError("the station is down")
        return "rain"

    async with llm_at(sim, wire=wire) as llm:
        run = await llm.run_tools(QUESTION, tools=[get_weather])
    failed, fine = (message for message in run.messages if isinstance(message, ToolMessage))
    assert (failed.is_error, fine.is_error) == (True, False)
    assert "the station is down" in run.text
    assert 'get_weather returned: "rain"' in run.text


@pytest.mark.parametrize("wire", WIRES)
async def test_wrong_arguments_and_unknown_tools_are_told_to_the_model(sim: Simulator, wire: str) -> None:
    calls = (
        ScriptedToolCall("get_weather", '{"city": '),
        ScriptedToolCall("fly", {}),
        ScriptedToolCall("get_weather", {}),
    )
    sim.script(Reply(tool_calls=calls))
    async with llm_at(sim, wire=wire) as llm:
        run = await llm.run_tools("Go on.", tools=[get_weather])
    results = [message for message in run.messages if isinstance(message, ToolMessage)]
    assert [message.is_error for message in results] == [True, True, True]
    assert "not valid JSON" in results[0].text
    assert "there is no tool 'fly'; the tools are: get_weather" in results[1].text
    assert "city" in results[2].text


async def test_rounds_have_an_end(sim: Simulator) -> None:
    sim.script(Reply(tool_calls=(ScriptedToolCall("get_weather", {"city": "Rome"}),), repeat=3))
    async with llm_at(sim) as llm:
        with pytest.raises(
            ToolRoundsExceededError, match="after 3 rounds the model still asks for get_weather"
        ) as caught:
            await llm.run_tools("Weather?", tools=[get_weather], max_rounds=3)
    assert len(caught.value.attempts) == 3


@pytest.mark.parametrize("wire", WIRES)
async def test_forced_tool_is_forced_in_the_first_round_alone(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        run = await llm.run_tools("Hello!", tools=[get_weather], tool_choice="get_weather")
    assert run.rounds == 2
    first, second = (request.body["tool_choice"] for request in sim.requests)
    assert first != "auto"
    assert second == "auto"


@pytest.mark.parametrize(("choice", "called"), [("none", 0), ("required", 1), ("auto", 0)])
@pytest.mark.parametrize("wire", WIRES)
async def test_tool_choice_holds(sim: Simulator, wire: str, choice: str, called: int) -> None:
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.get_answer("Hello!", tools=[get_weather], tool_choice=choice)
    assert len(response.tool_calls) == called


@pytest.mark.parametrize("wire", WIRES)
async def test_one_call_at_a_time_holds(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.get_answer(QUESTION, tools=[get_weather], parallel_tool_calls=False)
    assert len(response.tool_calls) == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_strict_tools_of_every_kind_are_taken_by_the_vendor(sim: Simulator, wire: str) -> None:
    class Booking(BaseModel):
        """Book a table."""

        city: str
        guests: int = 2
        kind: Literal["inside", "outside"] = "inside"

    parameters = {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    }
    strict = Tool("find_hotel", "Find a hotel.", parameters, strict=True)
    as_dict = {"type": "function", "function": {"name": "find_train", "parameters": parameters, "strict": True}}
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.get_answer("Booking in Rome", tools=[Booking, strict, as_dict, get_weather])
    assert response.tool_calls[0].name == "Booking"
    assert response.tool_calls[0].arguments["city"] == "Rome"


async def test_typed_answer_after_tools(sim: Simulator) -> None:
    def find_person(name: str) -> str:
        """Find a person."""
        return f"{name} is 30 years old and lives in Paris."

    async with llm_at(sim) as llm:
        run = await llm.run_tools("Find the person named Alice", tools=[find_person], response_model=Person)
    assert run.rounds == 2
    assert isinstance(run.parsed, Person)
    assert run.parsed.name == "Alice"


async def test_typed_answer_by_tool_stands_beside_the_callers_tools(sim: Simulator) -> None:
    sim.script(
        Reply(tool_calls=(ScriptedToolCall("get_weather", {"city": "Paris"}),)),
        Reply(tool_calls=(ScriptedToolCall("Person", {"name": "Alice", "age": 30, "city": "Paris"}),)),
    )
    async with llm_at(sim, metadata=TextOnlyMetadata) as llm:
        run = await llm.run_tools("Who and where?", tools=[get_weather], response_model=Person)
    assert (run.rounds, run.parsed) == (2, Person(name="Alice", age=30, city="Paris"))


async def test_reasoning_goes_back_beside_the_results_of_tools(sim: Simulator) -> None:
    async with llm_at(sim, REASONER) as llm:
        run = await llm.run_tools(QUESTION, tools=[get_weather], reasoning_effort="low", store=False)
    assert run.text == 'get_weather returned: "18 degrees"\nget_weather returned: "rain"'
    kinds = [item.get("type", "message") for item in sim.requests[-1].body["input"]]
    assert kinds == ["message", "reasoning", *["function_call"] * 2, *["function_call_output"] * 2]
