"""Against real servers, each of which lacks one thing and says so as such servers do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from core.llms import DeveloperMessage, SystemMessage, Tool, UserMessage
from core.llms.errors import APIError, BadRequestError, ContextLengthExceededError, StreamInterruptedError
from core.llms.providers.openai_compatible import OpenAICompatibleLLM, create_openai_compatible_llm
from core.llms.types.tools import ResponseFormat
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, RawServer, raw_server

TOOL = Tool("add", parameters={"type": "object", "properties": {}}, strict=True)
SCHEMA = ResponseFormat("json_schema", name="person", schema={"type": "object"}, strict=True)
Refusal = Callable[[dict[str, Any]], str | None]


def lacking(*fields: str, words: str = "Unknown parameter: '{}'.") -> Refusal:
    def refuse(body: dict[str, Any]) -> str | None:
        return next((words.format(field) for field in fields if field in body), None)

    return refuse


@asynccontextmanager
async def a_server(refuse: Refusal, status: str = "400 Bad Request") -> AsyncIterator[tuple[RawServer, list[Any]]]:
    bodies: list[Any] = []

    async def handle(exchange: Exchange) -> None:
        body = json.loads(exchange.body)
        bodies.append(body)
        problem = refuse(body)
        if problem is not None:
            await exchange.answer(json.dumps({"error": {"message": problem}}).encode(), status)
        elif body.get("stream"):
            await exchange.begin_stream()
            await exchange.send(*stream("Hel", "lo")[:-1])
            exchange.writer.close()
        else:
            await exchange.answer(completion("Hello"))

    async with raw_server(handle) as server:
        yield server, bodies


def llm_at(server: RawServer, model: str = "m") -> OpenAICompatibleLLM:
    return create_openai_compatible_llm(model, base_url=f"{server.url}/v1")


CASES: dict[str, tuple[Refusal, dict[str, Any], Callable[[dict[str, Any]], bool], str]] = {
    "max_tokens": (
        lacking("max_tokens", words="Unsupported parameter: '{}'. Use 'max_completion_tokens' instead."),
        {"max_tokens": 9},
        lambda body: body["max_completion_tokens"] == 9,
        "`max_tokens` went out as `max_completion_tokens`",
    ),
    "parallel_tool_calls": (
        lacking("parallel_tool_calls", words='{{"detail": "Extra inputs are not permitted: {}"}}'),
        {"parallel_tool_calls": False, "tools": [TOOL]},
        lambda body: "parallel_tool_calls" not in body and len(body["tools"]) == 1,
        "`parallel_tool_calls` was left out",
    ),
    "parallel_tool_calls, in other words": (
        lacking("parallel_tool_calls", words="This model does not support `{}`."),
        {"parallel_tool_calls": False, "tools": [TOOL]},
        lambda body: "parallel_tool_calls" not in body,
        "`parallel_tool_calls` was left out",
    ),
    "strict": (
        lambda body: "unrecognized field tools[0].function.strict" if "strict" in str(body) else None,
        {"tools": [TOOL], "response_format": SCHEMA},
        lambda body: body["response_format"]["json_schema"]["schema"] == {"type": "object"},
        "`strict` was left out",
    ),
    "json_schema": (
        lambda body: (
            'response_format type must be one of "text" or "json_object", but got: json_schema'
            if (body.get("response_format") or {}).get("type") == "json_schema"
            else None
        ),
        {"response_format": SCHEMA},
        lambda body: body["response_format"] == {"type": "json_object"} and "schema" in body["messages"][0]["content"],
        "the JSON schema of the answer went into the prompt",
    ),
    "json_object": (
        lambda body: (
            "'response_format.type' must be 'json_schema' or 'text'"
            if (body.get("response_format") or {}).get("type") == "json_object"
            else None
        ),
        {"response_format": ResponseFormat("json_object")},
        lambda body: (
            "response_format" not in body and body["messages"][0]["content"].startswith("Answer with one JSON")
        ),
        "`response_format` was left out",
    ),
    "tool_choice": (
        lacking("tool_choice"),
        {"tools": [TOOL], "tool_choice": "auto"},
        lambda body: "tool_choice" not in body,
        "`tool_choice` was left out",
    ),
    **{
        field: (
            lacking(field),
            {field: value},
            lambda body, field=field: field not in body,  # type: ignore[misc]  # bound anew for each case
            f"`{field}` was left out: the server lacks it",
        )
        for field, value in {
            "reasoning_effort": "low",
            "verbosity": "low",
            "seed": 7,
            "service_tier": "flex",
            "store": True,
            "metadata": {"a": "b"},
            "prompt_cache_key": "k",
            "prompt_cache_retention": "24h",
            "safety_identifier": "s",
        }.items()
    },
}


@pytest.mark.parametrize("name", CASES)
async def test_learning_retries_once_remembers_and_says_so(name: str) -> None:
    refuse, options, is_adapted, warning = CASES[name]
    async with a_server(refuse) as (server, bodies), llm_at(server) as llm:
        first = await llm.get_answer("Hi", **options)
        assert [refuse(body) is None for body in bodies] == [False, True]
        second = await llm.get_answer("Hi", **options)
        assert len(bodies) == 3
        assert is_adapted(bodies[1])
        assert bodies[2] == bodies[1]
        assert first.text == second.text == "Hello"
        assert [len(answer.warnings) for answer in (first, second)] == [1, 1]
        assert first.warnings[0].startswith(warning)
        plain = await llm.get_answer("Hi")
        assert plain.warnings == ()


async def test_learning_holds_for_streams_that_lack_usage_and_done() -> None:
    async with a_server(lacking("stream_options")) as (server, bodies), llm_at(server) as llm:
        for sent in (2, 3):
            async with llm.stream_answer("Hi") as answer:
                assert [text async for text in answer.text_deltas()] == ["Hel", "lo"]
            assert len(bodies) == sent
            assert answer.response is not None
            assert answer.response.warnings[0].startswith("`stream_options` was left out")
    assert "stream_options" in bodies[0]
    assert bodies[1] == bodies[2] == {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True}


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Only user and assistant roles are supported!",
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    ],
)
async def test_learning_folds_system_messages_where_there_is_no_such_role(words: str) -> None:
    def refuse(body: dict[str, Any]) -> str | None:
        return words if any(message["role"] == "system" for message in body["messages"]) else None

    async with a_server(refuse, "500 Internal Server Error") as (server, bodies), llm_at(server) as llm:
        response = await llm.get_answer([SystemMessage("Be brief."), DeveloperMessage("Be kind."), UserMessage("Hi")])
    assert bodies[0]["messages"][1] == {"role": "system", "content": "Be kind."}
    assert bodies[1]["messages"] == [{"role": "user", "content": "Be brief.\n\nBe kind.\n\nHi"}]
    assert response.warnings == ("system messages went into the user's: the server has no such role",)


async def test_learning_goes_on_until_the_server_is_content() -> None:
    def refuse(body: dict[str, Any]) -> str | None:
        form = (body.get("response_format") or {}).get("type")
        if form:
            return f"{form} is not supported"
        return lacking("seed", "store", words="body.{}: Extra inputs are not permitted")(body)

    async with a_server(refuse) as (server, bodies), llm_at(server) as llm:
        response = await llm.get_answer("Hi", seed=1, store=True, response_format=SCHEMA)
    assert len(bodies) == 5
    assert bodies[-1].keys() == {"model", "messages"}
    assert bodies[-1]["messages"][0]["content"].count("Answer with one JSON object") == 1
    assert len(response.warnings) == 4


async def test_learning_takes_what_is_named_first_where_all_known_fields_are_listed() -> None:
    words = "unknown field `store`, expected one of `model`, `messages`, `max_tokens`, `seed`, `stream_options`"
    async with a_server(lacking("store", words=words)) as (server, bodies), llm_at(server) as llm:
        await llm.get_answer("Hi", store=True, seed=1, max_tokens=5)
    assert bodies[1]["seed"] == 1
    assert bodies[1]["max_tokens"] == 5


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("Unknown parameter: 'temperature'.", {"temperature": 0.1}),
        ("Unknown parameter: 'n'.", {"n": 2}),
        ("max_tokens is too large: 5000. This model supports at most 4096 tokens.", {"max_tokens": 5000}),
        ("`max_tokens`=5000 is not supported, the limit is 4096", {"max_tokens": 5000}),
        ("Invalid schema for response_format 'person': oneOf is not permitted", {"response_format": SCHEMA}),
        ("`seed` must be positive", {"seed": 1}),
        ("conversation roles must alternate after the optional system message", {}),
        ("Unknown parameter: 'tool_choice'.", {"tools": [TOOL], "tool_choice": "required"}),
        ("Unknown parameter: 'seed'.", {"provider_options": {"seed": 1}}),
        ("Unknown parameter: 'seed'.", {}),
    ],
)
async def test_learning_leaves_what_would_change_the_question_an_error(words: str, options: dict[str, Any]) -> None:
    async with a_server(lambda body: words) as (server, bodies), llm_at(server) as llm:
        with pytest.raises(BadRequestError, match=words[:8]):
            await llm.get_answer([SystemMessage("Be brief."), UserMessage("Hi")], **options)
    assert len(bodies) == 1


async def test_learning_ends_where_a_server_refuses_everything() -> None:
    async with a_server(lambda body: "unknown field `seed`") as (server, bodies), llm_at(server) as llm:
        for _ in range(2):
            with pytest.raises(APIError):
                await llm.get_answer("Hi", seed=1)
    assert len(bodies) == 3


async def test_learning_takes_no_lesson_from_a_context_that_is_too_long() -> None:
    words = "the request exceeds the available context size; max_tokens is not supported then, unknown"
    async with a_server(lambda body: words) as (server, bodies), llm_at(server) as llm:
        with pytest.raises(ContextLengthExceededError):
            await llm.get_answer("Hi", max_tokens=5)
    assert len(bodies) == 1


async def test_learning_is_kept_for_each_model_of_a_server_and_shared_between_llms() -> None:
    async with a_server(lacking("seed")) as (server, bodies), llm_at(server) as llm:
        await llm.get_answer("Hi", seed=1)
        async with llm_at(server) as same, llm_at(server, "other") as other:
            await same.get_answer("Hi", seed=1)
            assert len(bodies) == 3
            await other.get_answer("Hi", seed=1)
            assert len(bodies) == 5


async def test_learning_changes_nothing_of_the_caller_s() -> None:
    tool = {"type": "function", "function": {"name": "add", "parameters": {"type": "object"}, "strict": True}}
    before = json.dumps(tool)
    refuse = CASES["strict"][0]
    async with a_server(refuse) as (server, bodies), llm_at(server) as llm:
        await llm.get_answer("Hi", tools=[tool])
    assert len(bodies) == 2
    assert json.dumps(tool) == before


async def test_learning_helps_calls_that_were_under_way_together() -> None:
    async with a_server(lacking("seed")) as (server, bodies), llm_at(server) as llm:
        answers = await asyncio.gather(*(llm.get_answer("Hi", seed=number) for number in range(1, 6)))
    assert [answer.text for answer in answers] == ["Hello"] * 5
    assert [len(answer.warnings) for answer in answers] == [1] * 5
    assert len(bodies) <= 10


async def test_learning_sends_nothing_again_once_a_stream_has_begun() -> None:
    error = {"error": {"message": "Unknown parameter: 'seed'.", "code": 400}}
    seen = asyncio.Event()

    async def handle(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(*stream("Hel")[:2])
        await seen.wait()
        await exchange.send(b"data: " + json.dumps(error).encode() + b"\n\n")
        exchange.writer.close()

    async with raw_server(handle) as server, llm_at(server) as llm:
        with pytest.raises(StreamInterruptedError) as caught:
            async with llm.stream_answer("Hi", seed=1) as answer:
                async for _ in answer:
                    seen.set()
        assert len(server.exchanges) == 1
    assert caught.value.partial.text == "Hel"
