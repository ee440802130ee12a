"""What `BaseLLM` adds between the caller and the wire: checks, defaults, typed answers, middleware."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from core.llms import (
    Capability,
    InvalidRequestError,
    LLMContext,
    LLMRequest,
    LLMResponse,
    Middleware,
    OutputValidationError,
    StreamFinished,
    Tool,
    UnsupportedCapabilityError,
    UnsupportedParameterError,
)
from core.llms.providers.anthropic import create_anthropic_llm
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.openai import create_openai_llm
from core.llms.runtime.middleware import CallNext, EventStream, StreamNext
from core.llms.wires.openai_parameters import CHAT_PARAMS
from tests.support.answering import answering
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, raw_server


class Person(BaseModel):
    name: str
    age: int


class PlainMetadata(BaseMetadata):
    NAME = "openai-plain"
    MODEL_ID = "plain"
    PROVIDER = "openai"
    MAX_TOKENS = 100
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES = {Capability.VISION: False, Capability.STRUCTURED_OUTPUT: False, Capability.TOOLS: True}


class NoToolsMetadata(PlainMetadata):
    CAPABILITIES = {Capability.TOOLS: False, Capability.STREAMING: False, Capability.EMBEDDINGS: False}


def tool_call(name: str, arguments: str) -> bytes:
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return completion(choices=[{"index": 0, "message": message, "finish_reason": "tool_calls"}])


async def test_parameters_and_messages_reach_the_wire() -> None:
    async with answering(completion()) as (llm, sent):
        await llm.get_answer([{"role": "user", "content": "Hi"}], max_tokens=7, temperature=0.5, stop=None)
    assert sent == [
        {
            "model": "gpt-4.1-mini",
            "messages": [{"role": "user", "content": "Hi"}],
            "max_completion_tokens": 7,
            "temperature": 0.5,
        }
    ]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"temprature": 1}, r"`temprature` is not supported \(did you mean `temperature`\?\); supported: frequency"),
        ({"top_k": 5}, "`top_k` is not supported; supported: "),
        ({"temperature": 3}, "`temperature` must be a number from 0 to 2, not 3"),
        ({"max_tokens": 0}, "`max_tokens` must be an integer of at least 1, not 0"),
        ({"max_tokens": 40_000}, "`max_tokens` must be at most 32768"),
        ({"max_tokens": True}, "`max_tokens` must be an integer"),
        ({"stop": []}, "`stop` must be a string or a list"),
        ({"temperature": float("nan")}, "`temperature` must be a number"),
    ],
)
async def test_bad_parameter_is_refused_before_anything_is_sent(options: dict[str, Any], problem: str) -> None:
    async with answering(completion()) as (llm, sent):
        with pytest.raises(UnsupportedParameterError, match=problem) as caught:
            await llm.get_answer("Hi", **options)
    assert not sent
    assert (caught.value.provider, caught.value.model) == ("openai", "gpt-4.1-mini")


async def test_unsupported_parameter_is_dropped_with_a_warning_when_asked() -> None:
    async with answering(completion()) as (llm, sent):
        response = await llm.get_answer("Hi", top_k=5, temperature=0.1, on_unsupported="drop")
    assert "top_k" not in sent[0]
    assert sent[0]["temperature"] == 0.1
    assert [warning.split(":")[0] for warning in response.warnings] == ["top_k=5 was left out"]


async def test_parameter_that_the_wire_lacks_is_dropped_with_a_warning_when_asked() -> None:
    async with create_openai_llm("gpt-4.1-mini", api_key="k", wire="responses") as llm:
        rendered = llm.render_answer("Hi", seed=5, temperature=0.1, on_unsupported="drop")
        with pytest.raises(UnsupportedParameterError, match="the Responses API has no `seed`"):
            llm.render_answer("Hi", seed=5)
    assert "seed" not in rendered.body
    assert rendered.body["temperature"] == 0.1
    assert [warning.split(":")[0] for warning in rendered.warnings] == ["seed=5 was left out"]


async def test_default_that_the_wire_lacks_is_left_out_with_a_warning() -> None:
    defaults = {"temperature": 0.3, "seed": 4, "top_k": 5}
    async with create_openai_llm("gpt-4.1-mini", api_key="k", wire="responses", defaults=defaults) as llm:
        first, second = llm.render_answer("Hi"), llm.render_answer("Hi", temperature=0.9)
    assert (first.body["temperature"], second.body["temperature"]) == (0.3, 0.9)
    assert "seed" not in first.body
    assert first.warnings == second.warnings
    assert [warning.split(":")[0] for warning in first.warnings] == [
        "the default seed=4 was left out", "the default top_k=5 was left out",
    ]  # fmt: skip


async def test_default_that_needs_another_default_is_sent_with_it() -> None:
    defaults = {"reasoning_summary": "auto", "reasoning_effort": "low"}
    async with create_anthropic_llm("claude-opus-4-8", api_key="k", defaults=defaults) as llm:
        rendered = llm.render_answer("Hi", max_tokens=2000)
    assert rendered.warnings == ()
    assert "thinking" in rendered.body


async def test_default_that_the_model_refuses_is_left_out_with_a_warning() -> None:
    async with answering(completion(), defaults={"temperature": 0.3, "top_k": 4}) as (llm, sent):
        response = await llm.get_answer("Hi")
        await llm.get_answer("Hi", temperature=0.9)
    assert [body.get("temperature") for body in sent] == [0.3, 0.9]
    assert response.warnings[0].startswith("the default top_k=4 was left out: `top_k` is not supported")


@pytest.mark.parametrize(
    ("messages", "problem"),
    [
        ([], "`messages` is empty"),
        ([{"role": "robot", "content": "x"}], r"messages\[0\]: `role` must be one of system, developer, user"),
        ([{"role": "user"}], r"messages\[0\]: `content` must be a string or a list"),
        ([{"role": "user", "content": "a", "contnet": 1}], "unknown key 'contnet' in a user message"),
        ([{"role": "user", "content": [{"type": "vidoe"}]}], r"content\[0\]: `type` must be one of text"),
        ([{"role": "tool", "content": "x"}], "needs `tool_call_id`"),
        (["Hi"], "a message is a dict or a typed message, not str"),
    ],
)
async def test_bad_messages_are_refused_with_their_place(messages: Any, problem: str) -> None:
    async with answering(completion()) as (llm, sent):
        with pytest.raises(InvalidRequestError, match=problem):
            await llm.get_answer(messages)
    assert not sent


async def test_image_for_a_model_without_vision_is_refused() -> None:
    async with answering(completion(), metadata=PlainMetadata) as (llm, sent):
        with pytest.raises(UnsupportedCapabilityError, match="does not take images"):
            await llm.generate_with_vision("What?", ["https://example.com/a.png"])
        block = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
        with pytest.raises(UnsupportedCapabilityError, match="does not take images"):
            await llm.get_answer([{"role": "user", "content": [block]}])
    assert not sent


async def test_tools_for_a_model_without_them_are_refused() -> None:
    async with answering(completion(), metadata=NoToolsMetadata) as (llm, _):
        with pytest.raises(UnsupportedCapabilityError, match="does not take tools"):
            await llm.get_answer("Hi", tools=[Tool("f")])
        with pytest.raises(UnsupportedCapabilityError, match="does not take streams"):
            await llm.stream_answer("Hi").get_response()
        with pytest.raises(UnsupportedCapabilityError, match="does not make embeddings"):
            await llm.embed("Hi")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"tool_choice": "required"}, "`tool_choice` needs `tools`"),
        ({"tools": [Tool("a")], "tool_choice": "b"}, "names 'b'; the tools are: a"),
        ({"tools": [Tool("a"), Tool("a")]}, "given twice: a"),
        ({"response_model": Person, "n": 2}, "leave `n` out"),
    ],
)
async def test_contradictory_options_are_refused(options: dict[str, Any], problem: str) -> None:
    async with answering(completion()) as (llm, sent):
        with pytest.raises(InvalidRequestError, match=problem):
            await llm.get_answer("Hi", **options)
    assert not sent


async def test_typed_answer_is_parsed_by_the_models_own_schema() -> None:
    async with answering(completion('{"name": "Ada", "age": 36}')) as (llm, sent):
        response = await llm.get_answer("Who?", response_model=Person)
    assert response.parsed == Person(name="Ada", age=36)
    assert sent[0]["response_format"]["json_schema"]["name"] == "Person"


async def test_typed_answer_that_does_not_fit_is_told_to_the_model() -> None:
    wrong, right = completion('{"name": "Ada", "age": "old"}'), completion('{"name": "Ada", "age": 36}')
    ctx = LLMContext()
    async with answering(wrong, right) as (llm, sent):
        response = await llm.get_answer("Who?", ctx, response_model=Person)
    assert response.parsed == Person(name="Ada", age=36)
    again = sent[1]["messages"]
    assert [message["role"] for message in again] == ["user", "assistant", "user"]
    assert "age" in again[2]["content"]
    assert len(response.attempts) == ctx.ledger.attempt_count == 2


async def test_typed_answer_gives_up_after_its_retries() -> None:
    async with answering(completion("no JSON at all")) as (llm, sent):
        with pytest.raises(OutputValidationError) as caught:
            await llm.get_answer("Who?", response_model=Person, output_retries=2)
    assert len(sent) == 3
    assert caught.value.response.text == "no JSON at all"


async def test_typed_answer_that_was_cut_is_not_asked_again() -> None:
    message = {"role": "assistant", "content": '{"name": "A'}
    cut = completion(choices=[{"index": 0, "message": message, "finish_reason": "length"}])
    async with answering(cut) as (llm, sent):
        with pytest.raises(OutputValidationError, match="cut at `max_tokens`"):
            await llm.get_answer("Who?", response_model=Person)
    assert len(sent) == 1


async def test_typed_answer_comes_by_a_tool_where_there_is_no_native_schema() -> None:
    wrong, right = tool_call("Person", '{"name": "Ada"}'), tool_call("Person", '{"name": "Ada", "age": 36}')
    async with answering(wrong, right, metadata=PlainMetadata) as (llm, sent):
        response = await llm.get_answer("Who?", response_model=Person)
    assert response.parsed == Person(name="Ada", age=36)
    assert "response_format" not in sent[0]
    assert sent[0]["tool_choice"] == {"type": "function", "function": {"name": "Person"}}
    assert [message["role"] for message in sent[1]["messages"]] == ["user", "assistant", "tool"]


async def test_typed_answer_leaves_a_call_of_the_callers_tool_to_the_caller() -> None:
    async with answering(tool_call("look_up", "{}")) as (llm, _):
        response = await llm.get_answer("Who?", response_model=Person, tools=[Tool("look_up")])
    assert (response.parsed, response.tool_calls[0].name) == (None, "look_up")


async def test_typed_stream_is_parsed_at_its_end() -> None:
    pieces = b"".join(stream('{"name": "Ada",', ' "age": 36}'))

    async def handle(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(pieces)
        exchange.writer.close()

    async with (
        raw_server(handle) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url) as llm,
    ):
        response = await llm.stream_answer("Who?", response_model=Person).get_response()
        with pytest.raises(OutputValidationError):
            await llm.stream_answer("Who?", response_model=int).get_response()
    assert response.parsed == Person(name="Ada", age=36)


async def test_run_tools_calls_until_the_model_answers() -> None:
    async def double(number: int) -> int:
        """Double a number."""
        return number * 2

    ctx = LLMContext()
    async with answering(tool_call("double", '{"number": 21}'), completion("It is 42.")) as (llm, sent):
        run = await llm.run_tools("Double 21", ctx, tools=[double], tool_choice="required")
    assert (run.text, run.rounds) == ("It is 42.", 2)
    assert sent[1]["messages"][2] == {"role": "tool", "tool_call_id": "call_1", "content": "42"}
    assert [body["tool_choice"] for body in sent] == ["required", "auto"]
    assert ctx.ledger.call_count == 2
    assert run.cost == ctx.cost


class Shout(Middleware):
    """Turns answers up, calls and streams."""

    def __init__(self, log: list[str], name: str) -> None:
        self.log = log
        self.name = name

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        self.log.append(f"{self.name} in")
        response = await call_next(request, ctx)
        self.log.append(f"{self.name} out")
        return response

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        async for event in stream_next(request, ctx):
            if isinstance(event, StreamFinished):
                self.log.append(f"{self.name} finished")
            yield event


async def test_middleware_wraps_calls_outermost_first_over_the_same_connector() -> None:
    log: list[str] = []
    async with answering(completion()) as (llm, _):
        wrapped = llm.with_middleware(Shout(log, "b")).with_middleware(Shout(log, "a"))
        await wrapped.get_answer("Hi")
        await wrapped.stream_answer("Hi").get_response()
        assert wrapped.connector is llm.connector
        await wrapped.aclose()
        await llm.get_answer("Hi")
    assert log == ["a in", "b in", "b out", "a out", "b finished", "a finished"]


async def test_embeddings_come_in_the_order_of_the_texts_with_cost() -> None:
    data = [{"index": 1, "embedding": [2.0]}, {"index": 0, "embedding": [1.0]}]
    body = {"data": data, "model": "e", "usage": {"prompt_tokens": 8, "total_tokens": 8}}
    ctx = LLMContext(budget_usd="1")
    async with answering(json.dumps(body).encode(), model="text-embedding-3-small") as (llm, sent):
        response = await llm.embed(["a", "b"], ctx, dimensions=1)
        with pytest.raises(InvalidRequestError, match="none of them empty"):
            await llm.embed(["a", ""])
    assert response.vectors == ((1.0,), (2.0,))
    assert sent[0]["dimensions"] == 1
    assert response.cost is not None
    assert ctx.budget is not None
    assert ctx.budget.spent == response.cost > 0


async def test_models_are_listed() -> None:
    body = b'{"object": "list", "data": [{"id": "m1", "object": "model", "created": 5, "owned_by": "x"}]}'

    async def handle(exchange: Exchange) -> None:
        assert exchange.head.startswith(b"GET /models HTTP/1.1")
        await exchange.answer(body)

    async with (
        raw_server(handle) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url) as llm,
    ):
        (model,) = await llm.list_models()
    assert (model.id, model.created, model.owned_by) == ("m1", 5, "x")


async def test_whole_answer_goes_back_as_a_message() -> None:
    async with answering(tool_call("f", '{"a": 1}'), completion()) as (llm, sent):
        first = await llm.get_answer("Hi", tools=[Tool("f")])
        conversation: list[Any] = [
            {"role": "user", "content": "Hi"},
            first.message,
            {"role": "tool", "tool_call_id": "call_1", "content": "r"},
        ]
        await llm.get_answer(conversation, tools=[Tool("f")])
    function = {"name": "f", "arguments": '{"a": 1}'}
    calls = sent[1]["messages"][1]["tool_calls"]
    assert calls == [{"id": "call_1", "type": "function", "function": function}]


async def test_typed_answer_by_tool_beside_another_call_leaves_no_call_unanswered() -> None:
    calls = [
        {"id": "call_1", "type": "function", "function": {"name": "Person", "arguments": "{}"}},
        {"id": "call_2", "type": "function", "function": {"name": "look_up", "arguments": "{}"}},
    ]
    message = {"role": "assistant", "content": None, "tool_calls": calls}
    both = completion(choices=[{"index": 0, "message": message, "finish_reason": "tool_calls"}])
    right = tool_call("Person", '{"name": "Ada", "age": 36}')
    async with answering(both, right, metadata=PlainMetadata) as (llm, sent):
        response = await llm.get_answer("Who?", response_model=Person, tools=[Tool("look_up")])
    assert response.parsed == Person(name="Ada", age=36)
    results = [message for message in sent[1]["messages"] if message["role"] == "tool"]
    assert [result["tool_call_id"] for result in results] == ["call_1", "call_2"]
    assert "age" in results[0]["content"]
