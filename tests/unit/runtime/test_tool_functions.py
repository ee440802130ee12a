"""Tools of what users have at hand, and the call of one."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import dataclasses
import datetime
import enum
import functools
import subprocess
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError
from core.llms.runtime.tool_functions import as_tool, call_tool
from core.llms.types.content import AudioPart, FilePart, ImagePart, TextPart, ToolCall
from core.llms.types.messages import ToolMessage
from core.llms.types.tools import ServerTool, Tool

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
who: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")


def get_weather(city: str, days: int = 1) -> str:
    """Look up the weather."""
    return f"{city} for {days} days: sunny"


class Place(BaseModel):
    city: str


async def _call(function: Any, /, timeout_seconds: float = 5.0, **arguments: Any) -> ToolMessage:
    tool = as_tool(function)
    assert isinstance(tool, Tool)
    return await call_tool(tool, ToolCall.of("call_1", tool.name, arguments), LLMContext(), timeout_seconds)


def test_as_tool_of_a_function_keeps_the_function() -> None:
    tool = as_tool(get_weather)
    assert isinstance(tool, Tool)
    assert (tool.name, tool.description, tool.strict) == ("get_weather", "Look up the weather.", None)
    assert tool.parameters["required"] == ["city"]
    assert tool.function is get_weather


def test_as_tool_leaves_tools_as_they_are() -> None:
    tool, server_tool = Tool("find"), ServerTool({"type": "web_search"})
    assert as_tool(tool) is tool
    assert as_tool(server_tool) is server_tool


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "function", "function": {"name": "find", "description": "Finds.", "parameters": SCHEMA}},
        {"type": "function", "name": "find", "description": "Finds.", "parameters": SCHEMA},
        {"name": "find", "description": "Finds.", "parameters": SCHEMA, "strict": None},
    ],
)
def test_as_tool_reads_each_form_of_a_json_definition(definition: dict[str, Any]) -> None:
    before = copy.deepcopy(definition)
    assert as_tool(definition) == Tool("find", "Finds.", SCHEMA)
    assert definition == before


def test_as_tool_keeps_strict_and_fills_in_empty_parameters() -> None:
    tool = as_tool({"type": "function", "function": {"name": "now", "strict": True}})
    assert tool == Tool("now", strict=True)


def test_as_tool_of_another_type_is_a_tool_of_the_vendor() -> None:
    definition = {"type": "web_search", "filters": {"allowed_domains": ["example.com"]}}
    assert as_tool(definition) == ServerTool(definition)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"description": "Finds."}, "needs a `name`"),
        ({"type": "function", "function": {"name": "find", "schema": {}}}, "has no `schema`; known: description"),
        ({"type": "function", "function": {"name": "find"}, "name": "find"}, "has no `name`"),
        ({"name": "find it"}, "tool name 'find it'"),
        ({"name": "find", "parameters": "none"}, "must be a JSON schema"),
        (5, "a tool is a typed function"),
        ("get_weather", "a tool is a typed function"),
    ],
)
def test_as_tool_of_what_is_no_tool_is_an_error_that_says_why(given: Any, message: str) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        as_tool(given)


async def test_call_tool_converts_arguments_and_answers_the_call() -> None:
    message = await _call(get_weather, city="Rome", days="3")
    assert message == ToolMessage("Rome for 3 days: sunny", "call_1", "get_weather")


async def test_call_tool_runs_an_async_function_in_the_same_task() -> None:
    ran_in: list[asyncio.Task[Any] | None] = []

    async def look() -> str:
        ran_in.append(asyncio.current_task())
        await asyncio.sleep(0)
        return "done"

    assert (await _call(look)).content == "done"
    assert ran_in == [asyncio.current_task()]


async def test_call_tool_runs_a_blocking_function_beside_the_loop_with_the_callers_context() -> None:
    seen: list[Any] = []
    released = threading.Event()

    def block(by: str) -> str:
        seen.extend((threading.current_thread() is threading.main_thread(), who.get()))
        assert released.wait(5)
        return by

    who.set("ada")
    running = asyncio.create_task(_call(block, by="me"))
    while not seen:
        await asyncio.sleep(0.001)
    released.set()
    assert (await running).content == "me"
    assert seen == [False, "ada"]


async def test_call_tool_fills_in_the_context_and_hides_it_from_the_model() -> None:
    seen: list[LLMContext | None] = []

    async def look(ctx: LLMContext, city: str) -> str:
        seen.append(ctx)
        return city

    ctx = LLMContext(user_id="u1")
    tool = as_tool(look)
    assert isinstance(tool, Tool)
    message = await call_tool(tool, ToolCall.of("1", "look", {"city": "Rome"}), ctx)
    assert message.content == "Rome"
    assert seen[0] is ctx
    forged = await call_tool(tool, ToolCall.of("1", "look", {"city": "Rome", "ctx": "x"}), ctx)
    assert forged.is_error
    assert "- ctx: is not known" in forged.text


async def test_call_tool_of_a_model_validates_into_it() -> None:
    assert await _call(Place, city="Rome") == ToolMessage('{"city":"Rome"}', "call_1", "Place")
    wrong = await _call(Place)
    assert wrong.is_error
    assert "- city: is required, and missing" in wrong.text


async def test_call_tool_of_a_tool_without_types_gives_what_the_model_gave() -> None:
    def anything(ctx: LLMContext, **arguments: Any) -> Any:
        return [type(ctx).__name__, arguments]

    for function in (anything, functools.partial(anything)):
        tool = Tool("remote", parameters=SCHEMA, function=function)
        message = await call_tool(tool, ToolCall.of("1", "remote", {"city": "Rome", "n": [1]}), LLMContext())
        assert message.content == '["LLMContext",{"city":"Rome","n":[1]}]'
    untyped = Tool("twice", parameters=SCHEMA, function=lambda city: city * 2)
    assert (await call_tool(untyped, ToolCall.of("1", "twice", {"city": "a"}), LLMContext())).content == "aa"


@dataclasses.dataclass
class Span:
    start: datetime.date
    price: Decimal


class Color(enum.StrEnum):
    RED = "red"


class Shout(str):
    def __str__(self) -> str:
        return self.upper()


IMAGE = ImagePart(data=b"\x89PNG\r\n\x1a\n")
FILE = FilePart(file_id="file-1")


@pytest.mark.parametrize(
    ("result", "content"),
    [
        ("text", "text"),
        ("", ""),
        ("über", "über"),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ({"a": [1, "ü"]}, '{"a":[1,"ü"]}'),
        ([Place(city="Rome")], '[{"city":"Rome"}]'),
        (Span(datetime.date(2026, 11, 21), Decimal("1.10")), '{"start":"2026-11-21","price":"1.10"}'),
        (Color.RED, "red"),
        (TextPart("a"), (TextPart("a"),)),
        (IMAGE, (IMAGE,)),
        ([TextPart("a"), IMAGE, FILE, "b"], (TextPart("a"), IMAGE, FILE, TextPart("b"))),
        ((IMAGE,), (IMAGE,)),
        ([], "[]"),
    ],
)
async def test_call_tool_writes_each_kind_of_result(result: Any, content: Any) -> None:
    async def answer() -> Any:
        return result

    message = await _call(answer)
    assert message.content == content
    assert not message.is_error


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (object(), "TypeError: the tool's result, of type object, cannot be written as JSON"),
        (AudioPart(data=b""), "TypeError: a tool cannot answer with sound; return text, an image or a file"),
        ([IMAGE, 5], "TypeError: beside parts, a tool's result may hold text only, not int"),
    ],
)
async def test_call_tool_reports_a_result_that_cannot_be_written(result: Any, text: str) -> None:
    async def answer() -> Any:
        return result

    assert await _call(answer) == ToolMessage(text, "call_1", "answer", is_error=True)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    number: int


def _raise(error: BaseException) -> Callable[[], str]:
    def fail() -> str:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no such city"), "ValueError: no such city"),
        (KeyError("Rome"), "KeyError: 'Rome'"),
        (RuntimeError(), "RuntimeError"),
        (TimeoutError("the database"), "TimeoutError: the database"),
        (
            ConnectionError("https://u:CANARY@db?token=CANARY"),
            "ConnectionError: https://**********@db?token=**********",
        ),
        (StopIteration("over"), "RuntimeError: coroutine raised StopIteration"),
        (ValueError("x" * 5000), "ValueError: " + "x" * 1987 + "…"),
    ],
)
async def test_call_tool_reports_an_exception_with_its_type_and_without_secrets(error: Exception, text: str) -> None:
    assert await _call(_raise(error)) == ToolMessage(text, "call_1", "fail", is_error=True)


async def test_call_tool_reports_a_validation_error_of_the_tool_in_words() -> None:
    def fail() -> str:
        _Strict.model_validate({"number": "secret-value"})
        return ""

    message = await _call(fail)
    assert message.text == (
        "ValidationError: _Strict does not fit:\n- number: Input should be a valid integer (found: string)"
    )


async def test_call_tool_reports_arguments_that_do_not_fit_and_does_not_call() -> None:
    called = []

    def book(day: datetime.date, seats: int) -> None:
        called.append(day)

    message = await _call(book, day="tomorrow", rows=1)
    assert message.is_error
    assert message.text.splitlines() == [
        "the call was not made, its arguments do not fit:",
        "- day: Input should be a valid date or datetime, input is too short (found: string)",
        "- seats: is required, and missing",
        "- rows: is not known",
    ]
    assert called == []


async def test_call_tool_reports_a_bug_in_a_validator_of_the_arguments() -> None:
    class Broken(BaseModel):
        city: str

        @field_validator("city")
        @classmethod
        def fail(cls, value: str) -> str:
            raise RuntimeError("a bug")

    assert (await _call(Broken, city="Rome")).text == "RuntimeError: a bug"


async def test_call_tool_reports_arguments_that_are_not_json() -> None:
    tool = as_tool(get_weather)
    assert isinstance(tool, Tool)
    message = await call_tool(tool, ToolCall.parse("1", "get_weather", '{"city": '), LLMContext())
    assert message.is_error
    assert message.text.startswith("the call was not made: the arguments are not valid JSON")


async def test_call_tool_reports_a_tool_without_a_function() -> None:
    message = await call_tool(Tool("find"), ToolCall.of("1", "find", {}), LLMContext())
    assert message == ToolMessage("the tool 'find' cannot be called here: it has no function", "1", "find", True)


async def test_call_tool_reports_a_timeout_of_an_async_function_and_cancels_it() -> None:
    cancelled = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    message = await _call(hang, timeout_seconds=0.01)
    assert message == ToolMessage("the tool did not finish within 0.01 seconds", "call_1", "hang", is_error=True)
    assert cancelled == [True]


async def test_call_tool_reports_a_timeout_of_a_blocking_function_and_goes_on() -> None:
    released = threading.Event()

    def hang() -> None:
        released.wait(30)

    message = await _call(hang, timeout_seconds=0.01)
    assert message.text == "the tool did not finish within 0.01 seconds"
    released.set()


async def test_call_tool_is_bounded_by_the_contexts_deadline() -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    tool = as_tool(hang)
    assert isinstance(tool, Tool)
    ctx = LLMContext().for_call(0.01)
    message = await call_tool(tool, ToolCall.of("1", "hang", {}), ctx, 30.0)
    assert "did not finish within 0.0" in message.text


@pytest.mark.parametrize("blocking", [True, False])
async def test_call_tool_lets_its_own_cancellation_through(blocking: bool) -> None:
    started, released = threading.Event(), threading.Event()

    def block() -> None:
        started.set()
        released.wait(30)

    async def hang() -> None:
        started.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(_call(block if blocking else hang))
    while not started.is_set():
        await asyncio.sleep(0.001)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    released.set()


async def test_call_tool_reports_a_cancellation_that_came_from_inside() -> None:
    async def look() -> None:
        task = asyncio.ensure_future(asyncio.Event().wait())
        task.cancel()
        await task

    assert await _call(look) == ToolMessage("CancelledError", "call_1", "look", is_error=True)


def test_call_tool_of_a_hanging_function_does_not_keep_the_program_alive() -> None:
    code = """
import asyncio, threading
from core.llms.context import LLMContext
from core.llms.runtime.tool_functions import as_tool, call_tool
from core.llms.types.content import ToolCall
def hang() -> None:
    threading.Event().wait()
print(asyncio.run(call_tool(as_tool(hang), ToolCall.of("1", "hang", {}), LLMContext(), 0.01)).text)
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=30)
    assert (run.stdout.strip(), run.stderr) == ("the tool did not finish within 0.01 seconds", "")


def test_call_tool_whose_function_ends_after_its_loop_leaves_no_noise() -> None:
    code = """
import asyncio, threading
from core.llms.context import LLMContext
from core.llms.runtime.tool_functions import as_tool, call_tool
from core.llms.types.content import ToolCall
released = threading.Event()
def hang() -> None:
    released.wait()
asyncio.run(call_tool(as_tool(hang), ToolCall.of("1", "hang", {}), LLMContext(), 0.01))
(thread,) = [thread for thread in threading.enumerate() if thread.name == "core-llms-tool"]
released.set()
thread.join()
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=30)
    assert (run.returncode, run.stderr) == (0, "")


def test_tool_functions_does_not_import_pydantic_models() -> None:
    code = "import sys, core.llms.runtime.tool_functions; print('pydantic.main' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
