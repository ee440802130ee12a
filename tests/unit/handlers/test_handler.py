"""Handlers over a real server: what they answer, which callers they make and keep, and when these are closed."""

from __future__ import annotations

import asyncio
import gc
import logging
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.llms import (
    AliasDefinition,
    AsyncModelHandler,
    BaseModelConfig,
    ConfigRegistry,
    ConfigurationError,
    DeadlineExceededError,
    LLMContext,
    LLMRequest,
    LLMResponse,
    Middleware,
    ModelHandler,
    TextDelta,
    define_config,
)
from core.llms.callers.openai_caller import OpenAICaller
from core.llms.runtime.middleware import CallNext, EventStream, StreamNext
from core.llms.simulator import Fault, Simulator
from tests.support.programs import complaints

MODEL = "gpt-4.1-mini"


def define(alias: str, **facts: Any) -> type[BaseModelConfig]:
    return define_config(AliasDefinition(alias=alias, provider="openai", model=facts.pop("model", MODEL), **facts))


class Counted(OpenAICaller):
    """Counts how many of it are made and closed."""

    made: list[Counted]
    closed: list[Counted]

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.made.append(self)

    async def aclose(self) -> None:
        await super().aclose()
        self.closed.append(self)


@pytest.fixture(autouse=True)
def no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counted, "made", [], raising=False)
    monkeypatch.setattr(Counted, "closed", [], raising=False)


def counted(alias: str, **facts: Any) -> type[BaseModelConfig]:
    return type("CountedConfig", (define(alias, **facts),), {"caller_class": lambda self: Counted})


class Log(Middleware):
    """Notes what goes through."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.name = name
        self.notes = notes

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        self.notes.append(f"{self.name} {request.model}")
        return await call_next(request, ctx)

    async def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        self.notes.append(f"{self.name} {request.model} streamed")
        async for event in stream_next(request, ctx):
            yield event


def test_response_stream_and_list(llm_simulator: Simulator) -> None:
    ctx = LLMContext()
    with ModelHandler({"a": define("a"), "b": define("b")}) as handler:
        assert handler.list_available_models() == ["a", "b"]
        assert handler.get_response("a", "Say: hello.") == "hello."
        response = handler.get_full_response("a", [{"role": "user", "content": "Count to 50."}], ctx, max_tokens=5)
        with handler.stream_response("b", "Count from 1 to 3.", ctx) as stream:
            events = list(stream)

    assert response.finish_reason.unified == "length"
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == stream.response.text == "1, 2, 3"
    assert (ctx.ledger.call_count, ctx.cost) == (2, (response.cost or 0) + (stream.response.cost or 0))


async def test_asynchronous_handler_does_the_same(llm_simulator: Simulator) -> None:
    async with AsyncModelHandler({"a": define("a")}) as handler:
        assert await handler.list_available_models() == ["a"]
        assert await handler.get_response("a", "Say: hello.") == "hello."
        assert (await handler.get_full_response("a", "Say: hello.")).text == "hello."
        stream = handler.stream_response("a", "Say: hello.")
        assert "".join([text async for text in stream.text_deltas()]) == "hello."
        assert stream.response.text == "hello."


def test_two_loops_in_a_row_share_a_handler(llm_simulator: Simulator) -> None:
    handler = AsyncModelHandler({"a": counted("a")})
    assert [asyncio.run(handler.get_response("a", "Say: hello.")) for _ in range(2)] == ["hello.", "hello."]
    asyncio.run(handler.aclose())

    assert (len(Counted.made), Counted.closed) == (1, Counted.made)


async def test_blocking_handler_works_where_a_loop_runs(llm_simulator: Simulator) -> None:
    with ModelHandler({"a": define("a")}) as handler:
        assert handler.get_response("a", "Say: hello.") == "hello."
        assert handler.stream_response("a", "Say: hello.").get_response().text == "hello."


def test_first_calls_at_once_make_one_caller_and_one_connection_pool(llm_simulator: Simulator) -> None:
    gate = threading.Barrier(8)

    def call(number: int) -> str:
        gate.wait()
        return handler.get_response("a", f"Say: {number}.")

    with ModelHandler({"a": counted("a")}) as handler, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(call, range(8))) == [f"{number}." for number in range(8)]

    assert (len(Counted.made), Counted.closed) == (1, Counted.made)


@pytest.mark.parametrize("alias", ["b", 5, None])
def test_unknown_alias_is_a_value_error(alias: Any, llm_simulator: Simulator) -> None:
    with ModelHandler({"a": define("a")}) as handler:
        for ask in (handler.get_response, handler.get_full_response, handler.stream_response):
            with pytest.raises(ValueError, match=f"^No configuration found for alias {alias!r}"):
                ask(alias, "Hi")


def test_a_wrong_configuration_is_told_with_its_alias_before_anything_is_sent(llm_simulator: Simulator) -> None:
    expected = "configuration 'a': `temperature` must be a number from 0 to 2"
    wrong = define("a", parameters={"temperature": 5})
    with ModelHandler({"a": wrong}) as handler, pytest.raises(ConfigurationError, match=expected):
        handler.get_response("a", "Hi")
    assert list(llm_simulator.requests) == []


def test_a_missing_key_is_told_with_its_alias(llm_simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with ModelHandler({"a": define("a")}) as handler, pytest.raises(ConfigurationError) as caught:
        handler.get_response("a", "Hi")

    assert "configuration 'a': no credential for openai" in str(caught.value)


async def test_a_changed_configuration_has_a_new_caller_and_the_old_one_ends_its_calls(
    llm_simulator: Simulator,
) -> None:
    registry = ConfigRegistry([counted("a")])
    async with AsyncModelHandler(registry) as handler:
        stream = handler.stream_response("a", "Count from 1 to 3.")
        first = await anext(stream)
        registry.register(counted("a", parameters={"max_tokens": 7}), replace=True)
        await handler.get_response("a", "Hi")
        old, new = Counted.made
        assert Counted.closed == []

        rest = [event async for event in stream]
        assert Counted.closed == [old]
        assert (type(first).__name__, stream.response.text) == ("StreamStarted", "1, 2, 3")
        assert rest
        await handler.get_response("a", "Hi")
        assert (Counted.made, new.params.defaults) == ([old, new], {"max_tokens": 7})

    assert Counted.closed == [old, new]
    assert llm_simulator.requests[-1].body["max_completion_tokens"] == 7


def test_a_changed_key_is_taken_up(llm_simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelHandler({"a": counted("a")}) as handler:
        handler.get_response("a", "Hi")
        handler.get_response("a", "Hi")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-another")
        handler.get_response("a", "Hi")
        assert (len(Counted.made), len(Counted.closed)) == (2, 1)


async def test_closing_waits_for_nobody_and_cuts_nobody_off(llm_simulator: Simulator) -> None:
    handler = AsyncModelHandler({"a": counted("a")})
    stream = handler.stream_response("a", "Count from 1 to 3.")
    await anext(stream)
    await handler.aclose()
    assert Counted.closed == []
    with pytest.raises(ConfigurationError, match="this handler was closed"):
        await handler.get_response("a", "Hi")

    assert (await stream.get_response()).text == "1, 2, 3"
    assert Counted.closed == Counted.made
    await handler.aclose()


async def test_a_cancelled_call_gives_its_caller_back(llm_simulator: Simulator) -> None:
    llm_simulator.script(Fault(hang=True))
    handler = AsyncModelHandler({"a": counted("a")})
    call = asyncio.create_task(handler.get_response("a", "Hi"))
    while not llm_simulator.requests:
        await asyncio.sleep(0.001)
    await handler.aclose()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert Counted.closed == Counted.made


def test_a_stream_left_early_gives_its_caller_back(llm_simulator: Simulator) -> None:
    with ModelHandler({"a": counted("a")}) as handler:
        with handler.stream_response("a", "Count from 1 to 100.") as stream:
            next(stream)
        next(handler.stream_response("a", "Count from 1 to 100."))
        gc.collect()
        handler.get_response("a", "Hi")

    assert Counted.closed == Counted.made


def test_middleware_is_around_every_alias_in_order(llm_simulator: Simulator) -> None:
    notes: list[str] = []
    registry = {"a": define("a"), "b": define("b", model="gpt-6-sol")}
    with ModelHandler(registry, middleware=[Log("outer", notes), Log("inner", notes)]) as handler:
        handler.get_response("a", "Hi")
        handler.stream_response("b", "Hi").get_response()

    assert notes == [
        "outer gpt-4.1-mini",
        "inner gpt-4.1-mini",
        "outer gpt-6-sol streamed",
        "inner gpt-6-sol streamed",
    ]


class Table:
    """A source of aliases that changes."""

    def __init__(self, **models: str) -> None:
        self.models = models

    async def find_config(self, alias: str) -> type[BaseModelConfig] | None:
        await asyncio.sleep(0)
        return counted(alias, model=self.models[alias]) if alias in self.models else None

    async def list_aliases(self) -> Collection[str]:
        return list(self.models)


def test_aliases_of_a_source_appear_change_and_go(llm_simulator: Simulator) -> None:
    registry, table = ConfigRegistry([define("a", model="gpt-6-sol")]), Table(a=MODEL)
    registry.add_source(table)
    with ModelHandler(registry) as handler:
        assert handler.get_full_response("a", "Hi").model.startswith(MODEL)
        handler.get_response("a", "Hi")
        assert len(Counted.made) == 1
        table.models["b"] = MODEL
        assert (handler.list_available_models(), bool(handler.get_response("b", "Hi"))) == (["a", "b"], True)
        table.models["b"] = "gpt-6-luna"
        assert handler.get_full_response("b", "Hi").model.startswith("gpt-6-luna")
        table.models.clear()
        assert handler.get_full_response("a", "Hi").model.startswith("gpt-6-sol")
        with pytest.raises(ValueError, match=r"No configuration found for alias 'b'; .*a"):
            handler.get_response("b", "Hi")
        handler.get_response("a", "Hi")
        assert [caller.params.model for caller in Counted.closed] == [MODEL, MODEL, "gpt-6-luna"]


class Slow(Table):
    """A source that never answers."""

    async def find_config(self, alias: str) -> type[BaseModelConfig] | None:
        await asyncio.Event().wait()
        return None


@pytest.mark.parametrize(
    "ctx", [LLMContext(timeout_seconds=0.1), LLMContext(deadline=datetime.now(UTC) + timedelta(seconds=0.1))]
)
def test_a_source_has_no_longer_than_the_call(ctx: LLMContext) -> None:
    registry = ConfigRegistry()
    registry.add_source(Slow())
    with ModelHandler(registry) as handler, pytest.raises(DeadlineExceededError, match="no source told of alias 'a'"):
        handler.get_response("a", "Hi", ctx)


def test_a_source_is_asked_once_a_call(llm_simulator: Simulator) -> None:
    asked: list[str] = []

    class Counting(Table):
        async def find_config(self, alias: str) -> type[BaseModelConfig] | None:
            asked.append(alias)
            return await super().find_config(alias)

        async def list_aliases(self) -> Collection[str]:
            asked.append("all")
            return await super().list_aliases()

    registry = ConfigRegistry([define("registered")])
    registry.add_source(Counting(a=MODEL))
    with ModelHandler(registry) as handler:
        handler.get_response("a", "Hi")
        handler.stream_response("a", "Hi").get_response()
        handler.get_response("registered", "Hi")
    assert asked == ["a", "a", "registered"]


class Echo:
    """A caller of another making: it waits, and knows a prompt alone."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params

    def call_llm(self, prompt: str) -> str:
        return f"{self.params['model']} heard {prompt}"


class EchoConfig(BaseModelConfig):
    @classmethod
    def alias(cls) -> str:
        return "echo"

    def get_params(self) -> dict[str, Any]:
        return {"model": "echo-1", "volume": 11}

    def caller_class(self) -> type[Echo]:
        return Echo


def test_a_caller_of_any_class_is_called() -> None:
    with ModelHandler({"echo": EchoConfig}) as handler:
        assert handler.get_response("echo", "Hi") == "echo-1 heard Hi"
        with pytest.raises(ConfigurationError, match="Echo takes a prompt alone"):
            handler.get_response("echo", "Hi", max_tokens=5)
        with pytest.raises(ConfigurationError, match="Echo gives texts alone"):
            handler.get_full_response("echo", "Hi")
    with (
        ModelHandler({"echo": EchoConfig}, middleware=[Middleware()]) as handler,
        pytest.raises(ConfigurationError, match="goes around the callers of this package; Echo is none"),
    ):
        handler.get_response("echo", "Hi")


class Loud(OpenAICaller):
    def call_llm(self, prompt: Any, *arguments: Any, **options: Any) -> str:
        return super().call_llm(prompt, *arguments, **options).upper()


class Whispering(OpenAICaller):
    async def acall_llm(self, prompt: Any, *arguments: Any, **options: Any) -> str:
        return f"({await super().acall_llm(prompt, *arguments, **options)})"


@pytest.mark.parametrize(("caller", "said"), [(Loud, "HELLO."), (Whispering, "(hello.)")])
def test_a_caller_that_overrides_its_call_is_called_so(caller: type[Any], said: str, llm_simulator: Simulator) -> None:
    config = type("OwnConfig", (define("a"),), {"caller_class": lambda self: caller})
    with ModelHandler({"a": config}) as handler:
        assert handler.get_response("a", "Say: hello.") == said
        assert handler.get_response("a", "Say: hello.", LLMContext(), max_tokens=50) == said


class Stubborn(Echo):
    def close(self) -> None:
        raise OSError("the door is stuck")


def test_a_caller_that_cannot_be_closed_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    config = type("StubbornConfig", (EchoConfig,), {"caller_class": lambda self: Stubborn})
    with caplog.at_level(logging.ERROR, "core.llms.handlers"), ModelHandler({"echo": config}) as handler:
        handler.get_response("echo", "Hi")

    assert "could not be closed" in caplog.text
    assert "the door is stuck" in caplog.text


async def test_preparing_makes_the_caller_and_sends_nothing(llm_simulator: Simulator) -> None:
    async with AsyncModelHandler({"a": counted("a")}) as handler:
        await handler.prepare("a")
        assert (len(Counted.made), len(llm_simulator.requests)) == (1, 0)
        await handler.get_response("a", "Hi")
        assert len(Counted.made) == 1


def test_a_handler_left_open_ends_with_the_interpreter_without_a_word(llm_simulator: Simulator) -> None:
    program = """
import os
from core.llms.handlers.base_handler import ModelHandler

handler = ModelHandler()
print(handler.get_response("gpt-4.1-mini", "Say: hello."))
stream = handler.stream_response("gpt-4.1-mini", "Count from 1 to 100.")
next(stream)
child = os.fork()
print(handler.get_response("gpt-4.1-mini", "Say: child." if child == 0 else "Say: parent."), flush=True)
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (complaints(done.stderr), done.returncode) == ([], 0)
    assert sorted(set(done.stdout.split())) == ["child.", "hello.", "parent."]


async def test_many_streams_at_once_leave_nothing_behind(llm_simulator: Simulator) -> None:
    async def read(handler: AsyncModelHandler, number: int) -> str:
        async with handler.stream_response("a", f"Say: {number}.") as stream:
            return (await stream.get_response()).text

    async def all_of() -> AsyncGenerator[str, None]:
        async with AsyncModelHandler({"a": counted("a")}) as handler:
            for text in await asyncio.gather(*(read(handler, number) for number in range(20))):
                yield text

    assert [text async for text in all_of()] == [f"{number}." for number in range(20)]
    assert Counted.closed == Counted.made
