"""What we send to vendors that speak OpenAI's chat wire is what their SDK sends, save for the differences listed.

Groq, Mistral and OpenRouter have SDKs of their own; DeepSeek and xAI tell their users to take OpenAI's. Each reason is
an entry of the vendor's page, word for word.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import groq
import openai
import pytest
from mistralai.client import Mistral
from openrouter import OpenRouter
from openrouter.errors import ResponseValidationError

from core.llms.create import create_llm
from core.llms.providers.base.implementation import BaseLLM
from core.llms.types.tools import ResponseFormat, Tool
from tests.contract.capture import Captured, capturing

PAGES = Path(__file__).parents[2] / "docs" / "providers"
KEY = "sk-contract"
USER = {"role": "user", "content": "Hello!"}
SCHEMA: Final[dict[str, Any]] = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [{"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": SCHEMA}}]
OUR_TOOLS = [Tool("look", "Looks.", SCHEMA)]
FORM = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA, "strict": True}}
OUR_FORM = ResponseFormat("json_schema", name="place", schema=SCHEMA, strict=True)
CALL = {"id": "Caf7Pyrd8", "type": "function", "function": {"name": "look", "arguments": '{"city":"Oslo"}'}}
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
LOOK = [
    {"role": "user", "content": [{"type": "text", "text": "?"}, {"type": "image_url", "image_url": {"url": PIXEL}}]}
]
TURN = [
    {"role": "system", "content": "Be brief."},
    USER,
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "Caf7Pyrd8", "content": "fog"},
]

USAGE_OF_STREAMS: Final = "A stream asks for its usage (`stream_options`), because a stream without usage has no cost."
NO_STREAM_FALSE: Final = "The SDK sends `stream: false`, which is the default; we leave it out."
DEFAULTS: Final = "The SDK sends `prefix: false` and a call's `index: 0`, the defaults, too; we leave them out."
OPEN_REASONING: Final = "A turn with calls that another vendor began brings an empty one."


@dataclass(frozen=True)
class Vendor:
    """One vendor: its model here, where its API begins, and how its SDK makes a call."""

    name: str
    model: str
    path: str
    send: Callable[[str, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    vendor: Vendor
    name: str
    theirs: dict[str, Any]
    ours: dict[str, Any]
    differences: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.vendor.name}: {self.name}"


async def _drain(answer: Any, streamed: bool) -> None:
    if streamed:
        async for _ in answer:
            continue


async def send_groq(url: str, body: dict[str, Any]) -> None:
    async with groq.AsyncGroq(api_key=KEY, base_url=url) as client:
        await _drain(await client.chat.completions.create(**body), body.get("stream", False))


async def send_openai(url: str, body: dict[str, Any]) -> None:
    async with openai.AsyncOpenAI(api_key=KEY, base_url=url) as client:
        await _drain(await client.chat.completions.create(**body), body.get("stream", False))


async def send_mistral(url: str, body: dict[str, Any]) -> None:
    async with Mistral(api_key=KEY, server_url=url) as client:
        if body.pop("stream", False):
            await _drain(await client.chat.stream_async(**body), True)
        else:
            await client.chat.complete_async(**body)


async def send_openrouter(url: str, body: dict[str, Any]) -> None:
    async with OpenRouter(api_key=KEY, server_url=f"{url}/api/v1") as client:
        # The SDK wants fields of an answer that OpenAI's form has not; what was sent is sent by then.
        with suppress(ResponseValidationError):
            await _drain(await client.chat.send_async(**body), body.get("stream", False))


async def send_xai(url: str, body: dict[str, Any]) -> None:
    await send_openai(f"{url}/v1", body)


GROQ = Vendor("groq", "openai/gpt-oss-120b", "/openai/v1", send_groq)
QWEN = Vendor("groq", "qwen/qwen3.8-27b", "/openai/v1", send_groq)
MISTRAL = Vendor("mistral", "mistral-medium-latest", "/v1", send_mistral)
DEEPSEEK = Vendor("deepseek", "deepseek-flash", "", send_openai)
XAI = Vendor("xai", "grok-4.7", "/v1", send_xai)
OPENROUTER = Vendor("openrouter", "google/gemini-3.8-flash", "/api/v1", send_openrouter)
SAMPLING = {"temperature": 0.5, "top_p": 0.9}


def same(vendor: Vendor, **changes: dict[str, str]) -> list[Call]:
    """The calls that every vendor takes in the same form."""
    calls: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "one message": ({"messages": [USER]}, {}),
        "a conversation with a tool's result": (
            {"messages": TURN, "tools": TOOLS, "tool_choice": "auto"},
            {"messages": TURN, "tools": OUR_TOOLS, "tool_choice": "auto"},
        ),
        "free JSON": (
            {"messages": [USER], "response_format": {"type": "json_object"}},
            {"response_format": ResponseFormat("json_object")},
        ),
        "a stream": ({"messages": [USER], "stream": True}, {"stream": True}),
    }
    return [Call(vendor, name, *bodies, changes.get(name.split()[-1], {})) for name, bodies in calls.items()]


def one(vendor: Vendor, name: str, theirs: dict[str, Any], ours: dict[str, Any], **differences: str) -> Call:
    return Call(vendor, name, {"messages": [USER], **theirs}, ours, differences)


NOT_STREAMED = {"body.stream": NO_STREAM_FALSE}
STREAMED = {"body.stream_options.include_usage": USAGE_OF_STREAMS}
MISTRAL_TURN = ("body.messages[2].prefix", "body.messages[2].tool_calls[0].index")
CALLS: list[Call] = [
    *same(GROQ, stream=STREAMED),
    one(GROQ, "parameters", {**SAMPLING, "max_completion_tokens": 9, "seed": 7, "stop": "END"},
        {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END"}),
    one(GROQ, "an effort and a tier", {"reasoning_effort": "low", "service_tier": "flex"},
        {"reasoning_effort": "low", "service_tier": "flex"}),
    one(GROQ, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    one(QWEN, "an image", {"messages": LOOK, "reasoning_format": "parsed"}, {"messages": LOOK}),
    *same(
        MISTRAL,
        message=NOT_STREAMED,
        JSON=NOT_STREAMED,
        result={**NOT_STREAMED, **dict.fromkeys(MISTRAL_TURN, DEFAULTS)},
    ),
    one(MISTRAL, "parameters", {**SAMPLING, "max_tokens": 9, "random_seed": 7, "stop": "END", "top_k": 5},
        {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END", "top_k": 5}, **NOT_STREAMED),
    one(MISTRAL, "an effort", {"reasoning_effort": "high"}, {"reasoning_effort": "high"}, **NOT_STREAMED),
    one(MISTRAL, "a tool that must be called", {"tools": TOOLS, "tool_choice": "any"},
        {"tools": OUR_TOOLS, "tool_choice": "required"}, **NOT_STREAMED),
    one(MISTRAL, "an image", {"messages": LOOK}, {"messages": LOOK}, **NOT_STREAMED),
    *same(DEEPSEEK, stream=STREAMED, result={"body.messages[2].reasoning_content": OPEN_REASONING}),
    one(DEEPSEEK, "parameters", {"max_tokens": 9, "stop": "END", "logprobs": True},
        {"max_tokens": 9, "stop": "END", "logprobs": True}),
    one(DEEPSEEK, "an effort", {"reasoning_effort": "max", "extra_body": {"thinking": {"type": "enabled"}}},
        {"reasoning_effort": "max"}),
    one(DEEPSEEK, "without thinking", {"temperature": 0.5, "extra_body": {"thinking": {"type": "disabled"}}},
        {"temperature": 0.5, "reasoning_effort": "none"}),
    one(DEEPSEEK, "an image", {"messages": LOOK}, {"messages": LOOK}),
    *same(XAI, stream=STREAMED),
    one(XAI, "parameters", {**SAMPLING, "max_tokens": 9, "seed": 7}, {**SAMPLING, "max_tokens": 9, "seed": 7}),
    one(XAI, "an effort", {"reasoning_effort": "low"}, {"reasoning_effort": "low"}),
    one(XAI, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    one(XAI, "an image", {"messages": LOOK}, {"messages": LOOK}),
    *same(OPENROUTER, stream=STREAMED, message=NOT_STREAMED, JSON=NOT_STREAMED, result=NOT_STREAMED),
    one(OPENROUTER, "parameters", {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END", "top_k": 5},
        {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END", "top_k": 5}, **NOT_STREAMED),
    one(OPENROUTER, "an effort", {"reasoning": {"effort": "low", "summary": "auto"}},
        {"reasoning_effort": "low", "reasoning_summary": "auto"}, **NOT_STREAMED),
    one(OPENROUTER, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}, **NOT_STREAMED),
    one(OPENROUTER, "a route", {"models": ["x-ai/grok-4.7"], "provider": {"only": ["xai"]}},
        {"provider_options": {"models": ["x-ai/grok-4.7"], "provider": {"only": ["xai"]}}}, **NOT_STREAMED),
]  # fmt: skip


async def send_ours(llm: BaseLLM, request: dict[str, Any]) -> None:
    messages, streamed = request.pop("messages", [USER]), request.pop("stream", False)
    if streamed:
        await llm.stream_answer(messages, **request).get_response()
    else:
        await llm.get_answer(messages, **request)


async def send_both(call: Call) -> tuple[Captured, Captured]:
    """Make a call with the vendor's SDK and with ours, and return what each sent."""
    vendor = call.vendor
    async with capturing() as capture:
        await vendor.send(capture.url, {"model": vendor.model, **call.theirs})
        theirs = capture.take()
        options = {"api_key": KEY, "base_url": capture.url + vendor.path, "wire": "chat"}
        async with create_llm(f"{vendor.name}/{vendor.model}", **options) as llm:
            await send_ours(llm, {**call.ours})
        return theirs, capture.take()


@pytest.mark.parametrize("call", CALLS, ids=[call.title for call in CALLS])
async def test_request_is_the_sdks_but_for_the_listed_differences(call: Call) -> None:
    theirs, ours = (captured.fields() for captured in await send_both(call))
    places = sorted({*theirs, *ours})
    found = {place: (theirs.get(place), ours.get(place)) for place in places if theirs.get(place) != ours.get(place)}
    unlisted = {place: values for place, values in found.items() if place not in call.differences}
    assert not unlisted, f"differences (theirs, ours) that are not listed: {unlisted}"
    assert set(call.differences) == set(found), "listed, but there no more"


def test_pages_explain_every_listed_difference() -> None:
    for call in CALLS:
        page = " ".join((PAGES / f"{call.vendor.name}.md").read_text(encoding="utf-8").split())
        assert {reason for reason in call.differences.values() if reason not in page} == set(), call.title
