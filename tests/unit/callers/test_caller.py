"""Callers over a real server: what they send, what they give back, blocking and not, and how they are closed."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from core.llms import (
    ConfigurationError,
    DeadlineExceededError,
    InvalidRequestError,
    LLMContext,
    Middleware,
    MissingCredentialError,
    Secret,
    StreamFinished,
    TextDelta,
    UserMessage,
)
from core.llms.callers import BaseCaller, find_caller
from core.llms.callers.groq_caller import GroqCaller
from core.llms.callers.openai_caller import OpenAICaller
from core.llms.simulator import Fault, Simulator
from tests.unit.cli.command import wait_until

CANARY = "canary-5d0c1f7be2a94b38"
WHO: ContextVar[str] = ContextVar("who", default="nobody")


@pytest.fixture
def caller(llm_simulator: Simulator) -> Iterator[BaseCaller]:
    with OpenAICaller({"model": "gpt-4.1-mini", "system_message": "Be brief.", "max_tokens": 50}) as caller:
        yield caller


def sent(simulator: Simulator) -> list[dict[str, Any]]:
    return [request.body for request in simulator.requests]


def test_prompt_goes_out_with_system_message_and_parameters(caller: BaseCaller, llm_simulator: Simulator) -> None:
    assert caller.call_llm("Say: hello.") == "hello."
    assert sent(llm_simulator) == [
        {
            "model": "gpt-4.1-mini",
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say: hello."}],
            "max_completion_tokens": 50,
        }
    ]


def test_a_call_goes_before_the_configuration(caller: BaseCaller, llm_simulator: Simulator) -> None:
    caller.call_llm("Hi", max_tokens=7, stop=["x"], system_message="Be long.")

    (body,) = sent(llm_simulator)
    assert (body["max_completion_tokens"], body["stop"]) == (7, ["x"])
    assert body["messages"][0] == {"role": "system", "content": "Be long."}


@pytest.mark.parametrize(
    "prompt",
    [
        [{"role": "system", "content": "Mine."}, {"role": "user", "content": "Hi"}],
        [{"role": "developer", "content": "Mine."}, UserMessage("Hi")],
    ],
)
def test_messages_that_bring_their_own_system_message_keep_it(
    prompt: list[Any], caller: BaseCaller, llm_simulator: Simulator
) -> None:
    caller.call_llm(prompt)

    (body,) = sent(llm_simulator)
    assert [message["content"] for message in body["messages"]] == ["Mine.", "Hi"]


def test_messages_without_one_get_it(caller: BaseCaller, llm_simulator: Simulator) -> None:
    caller.call_llm(
        [{"role": "user", "content": "My name is Ada."}, {"role": "assistant", "content": "Hi."}, UserMessage("Go on.")]
    )

    (body,) = sent(llm_simulator)
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant", "user"]


def test_wrong_messages_are_counted_as_the_caller_wrote_them(caller: BaseCaller) -> None:
    with pytest.raises(InvalidRequestError, match=r"messages\[1\]: `role`"):
        caller.call_llm([UserMessage("Hi"), {"role": "robot", "content": "Hi"}])


def test_whole_response_has_cost_and_ledger(caller: BaseCaller) -> None:
    ctx = LLMContext(user_id="u1")
    response = caller.complete("Count from 1 to 50.", ctx, max_tokens=5)

    assert response.finish_reason.unified == "length"
    assert response.cost is not None
    assert ctx.cost == response.cost


def test_a_refusal_is_the_answer_where_there_is_no_other(caller: BaseCaller, llm_simulator: Simulator) -> None:
    from core.llms.simulator import Reply

    llm_simulator.script(Reply(refusal="I can't help with that."))

    assert caller.call_llm("Hi") == "I can't help with that."


def test_stream_gives_events_text_and_response(caller: BaseCaller) -> None:
    with caller.stream("Count from 1 to 5.") as stream:
        with pytest.raises(RuntimeError, match="not at its end"):
            _ = stream.response
        events = list(stream)

    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "1, 2, 3, 4, 5"
    assert isinstance(events[-1], StreamFinished)
    assert stream.response.text == "1, 2, 3, 4, 5"
    assert stream.response.cost is not None
    assert "".join(caller.stream_llm("Count from 1 to 5.")) == "1, 2, 3, 4, 5"
    assert caller.stream("Say: hello.").get_response().text == "hello."


def test_a_stream_that_is_not_read_sends_nothing(caller: BaseCaller, llm_simulator: Simulator) -> None:
    with caller.stream("Hi"):
        pass

    assert sent(llm_simulator) == []


def leave_early(caller: BaseCaller) -> None:
    with caller.stream("Count from 1 to 100.") as stream:
        next(stream)


def break_the_loop(caller: BaseCaller) -> None:
    for _ in caller.stream_llm("Count from 1 to 100."):
        break
    gc.collect()


def drop(caller: BaseCaller) -> None:
    next(caller.stream("Count from 1 to 100."))
    gc.collect()


@pytest.mark.parametrize("leave", [leave_early, break_the_loop, drop])
def test_a_stream_left_early_ends_at_the_vendor(leave: Any, caller: BaseCaller, llm_simulator: Simulator) -> None:
    llm_simulator.faults.append(Fault(hang_after_events=3))
    leave(caller)

    wait_until(lambda: llm_simulator.clients_disconnected == 1, "the vendor sees the stream broken off")


def test_parameter_stream_reads_a_stream(llm_simulator: Simulator) -> None:
    with OpenAICaller({"model": "gpt-4.1-mini", "stream": True}) as caller:
        assert caller.call_llm("Say: hello.") == "hello."

    assert sent(llm_simulator)[0]["stream"] is True


async def test_asynchronous_face_is_the_same(llm_simulator: Simulator) -> None:
    async with OpenAICaller({"model": "gpt-4.1-mini"}) as caller:
        assert await caller.acall_llm("Say: hello.") == "hello."
        assert "".join([text async for text in caller.astream_llm("Say: hello.")]) == "hello."
        async with caller.astream("Say: hello.") as stream:
            assert (await stream.get_response()).text == "hello."
        assert (await caller.acomplete("Say: hello.", n=2)).choices[0].message.text == "hello."


async def test_blocking_calls_where_a_loop_runs(caller: BaseCaller) -> None:
    assert caller.call_llm("Say: hello.") == "hello."
    assert "".join(caller.stream_llm("Say: hello.")) == "hello."


def test_two_loops_in_a_row_and_threads_at_once(caller: BaseCaller) -> None:
    assert [asyncio.run(caller.acall_llm("Say: hello.")) for _ in range(2)] == ["hello.", "hello."]
    gate = threading.Barrier(8)

    def call(number: int) -> str:
        gate.wait()
        return caller.call_llm(f"Say: {number}.")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(call, range(8))) == [f"{number}." for number in range(8)]


def test_a_forked_child_calls_over_connections_of_its_own(caller: BaseCaller) -> None:
    caller.call_llm("Say: before.")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, caller.call_llm("Say: child.").encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 100) == b"child."
    assert caller.call_llm("Say: parent.") == "parent."
    os.close(reading)
    os.close(writing)


def test_deadline_ends_a_blocking_call(caller: BaseCaller, llm_simulator: Simulator) -> None:
    llm_simulator.script(Fault(hang=True))
    with pytest.raises(DeadlineExceededError):
        caller.call_llm("Hi", LLMContext(deadline=datetime.now(UTC) + timedelta(seconds=0.3)))

    wait_until(lambda: llm_simulator.clients_disconnected == 1, "the vendor sees the call broken off")


def test_middleware_goes_around_with_the_context_variables_of_the_thread(caller: BaseCaller) -> None:
    seen: list[str] = []

    class Note(Middleware):
        async def call(self, request: Any, ctx: Any, call_next: Any) -> Any:
            seen.append(WHO.get())
            return await call_next(request, ctx)

    token = WHO.set("somebody")
    with caller.with_middleware(Note()) as around:
        assert around.call_llm("Say: hello.") == "hello."
    WHO.reset(token)

    assert seen == ["somebody"]
    assert caller.call_llm("Say: hello.") == "hello."


def test_closed_caller_refuses(llm_simulator: Simulator) -> None:
    caller = OpenAICaller({"model": "gpt-4.1-mini"})
    caller.close()
    caller.close()

    with pytest.raises(ConfigurationError, match="was closed"):
        caller.call_llm("Hi")


@pytest.mark.parametrize("key", [CANARY, SecretStr(CANARY), Secret(CANARY)])
def test_key_is_used_and_shown_nowhere(key: Any, llm_simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with OpenAICaller({"model": "gpt-4.1-mini", "api_key": key}) as caller:
        assert caller.call_llm("Say: hello.") == "hello."

    shown = repr(caller) + repr(caller.params) + repr(vars(caller)) + repr(dict(caller.params.settings))
    assert CANARY not in shown + json.dumps(str(caller.__dict__))


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({}, r"`model` must be the name of a model, not None"),
        ({"model": "gpt-4.1-mini", "temprature": 1}, r"unknown field 'temprature'; did you mean 'temperature'\?"),
        ({"model": "gpt-4.1-mini", "endpoint_": "x"}, r"unknown field 'endpoint_'"),
        ({"model": "gpt-4.1-mini", "temperature": 3}, r"`temperature` must be a number from 0 to 2, not 3"),
        ({"model": "gpt-4.1-mini", "stream": "yes"}, r"`stream` must be true or false, not a text"),
        ({"model": "gpt-4.1-mini", "system_message": 5}, r"`system_message` must be a string, not 5"),
    ],
)
def test_wrong_parameters_name_field_problem_and_fix(
    params: dict[str, Any], problem: str, llm_simulator: Simulator
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        OpenAICaller(params)


def test_empty_key_is_no_other_account_s(llm_simulator: Simulator) -> None:
    with pytest.raises(MissingCredentialError, match="`api_key` is empty"):
        OpenAICaller({"model": "gpt-4.1-mini", "api_key": ""})


def test_default_that_the_model_refuses_is_left_out_with_a_warning(llm_simulator: Simulator) -> None:
    with OpenAICaller({"model": "gpt-6.1-sol", "temperature": 0.5, "frequency_penalty": 0.0}) as caller:
        response = caller.complete("Say: hello.")

    assert [warning.partition(":")[0] for warning in response.warnings] == ["the default temperature=0.5 was left out"]
    assert not {"temperature", "frequency_penalty"} & set(sent(llm_simulator)[0])


def test_callers_are_found_by_provider() -> None:
    assert find_caller("groq") is GroqCaller
    with pytest.raises(ConfigurationError, match="did you mean 'groq'"):
        find_caller("grok")


def test_a_caller_needs_a_provider() -> None:
    with pytest.raises(ConfigurationError, match="names no `PROVIDER`"):
        BaseCaller({"model": "m"})
