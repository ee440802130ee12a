"""Calls of the Messages API, each made with the vendor's SDK and with ours."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anthropic
from pydantic import BaseModel

from core.llms import (
    CachePoint,
    FilePart,
    ImagePart,
    ServerTool,
    SystemMessage,
    TextPart,
    Tool,
    ToolMessage,
    UserMessage,
)
from core.llms.providers.anthropic import AnthropicBaseLLM
from core.llms.wires.anthropic_messages import AnthropicMessagesWire
from tests.unit.simulator.pictures import picture

MODEL = "claude-sonnet-5-5"
HELLO: list[Any] = [{"role": "user", "content": "Hello!"}]
PICTURE = picture(4, 4)
PDF = b"%PDF-1.4\n%%EOF"
PNG_SOURCE = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(PICTURE).decode()}
PDF_SOURCE = {"type": "base64", "media_type": "application/pdf", "data": base64.b64encode(PDF).decode()}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = Tool("get_weather", "Look the weather up.", SCHEMA)
THEIR_WEATHER = {"name": "get_weather", "description": "Look the weather up.", "input_schema": SCHEMA}
SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}
MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}
ANSWER: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": MODEL,
    "content": [
        {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "eHl6"},
        {"type": "text", "text": "Let me look.", "citations": None},
        {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
        {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Oslo"}},
        {"type": "tool_use", "id": "toolu_2", "name": "get_weather", "input": {"city": "Bergen"}},
    ],
    "stop_reason": "tool_use",
    "usage": {"input_tokens": 1, "output_tokens": 1},
}


class Home(BaseModel):
    city: str


class Person(BaseModel):
    """A person."""

    name: str
    age: int
    home: Home
    tags: list[str]


@dataclass(frozen=True)
class Call:
    """One call in both SDKs; `settings` are arguments of the clients."""

    name: str
    theirs: Callable[[Any], Awaitable[Any]]
    ours: Callable[[AnthropicBaseLLM], Awaitable[Any]]
    model: str = MODEL
    our_settings: Mapping[str, Any] = field(default_factory=lambda: {"api_key": "key"})
    their_settings: Mapping[str, Any] = field(default_factory=lambda: {"api_key": "key"})


def message(
    name: str,
    messages: Any = None,
    *,
    theirs: Mapping[str, Any] | None = None,
    ours: Mapping[str, Any] | None = None,
    their_messages: Any = None,
    stream: bool = False,
    model: str = MODEL,
    **settings: Any,
) -> Call:
    """One message, with an output limit in both; `theirs` and `ours` are the options of each."""
    said = HELLO if messages is None else messages

    async def call_theirs(client: anthropic.AsyncAnthropic) -> None:
        options: dict[str, Any] = {"max_tokens": 100, **(theirs or {})}
        spoken = said if their_messages is None else their_messages
        if stream:
            async for _ in await client.messages.create(model=model, messages=spoken, stream=True, **options):
                continue
        else:
            await client.messages.create(model=model, messages=spoken, **options)

    async def call_ours(llm: AnthropicBaseLLM) -> None:
        options: Any = {"max_tokens": 100, **(ours or {})}
        if stream:
            await llm.stream_answer(said, **options).get_response()
        else:
            await llm.get_answer(said, **options)

    return Call(name, call_theirs, call_ours, model, **settings)


def _asks(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "text", "text": "What?"}, *blocks]}]


def _tools(name: str, choice: Any = None, **facts: Any) -> Call:
    theirs: dict[str, Any] = {"tools": [THEIR_WEATHER], **({} if choice is None else {"tool_choice": choice})}
    return message(name, theirs=theirs, ours={"tools": [WEATHER], **facts.pop("ours", {})}, **facts)


async def _parse_theirs(client: anthropic.AsyncAnthropic) -> None:
    await client.messages.parse(model=MODEL, max_tokens=100, messages=HELLO, output_format=Person)


async def _typed_ours(llm: AnthropicBaseLLM) -> None:
    await llm.get_answer(HELLO, max_tokens=100, response_model=Person)


async def _beta_theirs(client: anthropic.AsyncAnthropic) -> None:
    betas = ["context-1m-2026-01-01", "files-2026-01-01"]
    await client.beta.messages.create(model=MODEL, max_tokens=100, messages=HELLO, betas=betas)


async def _beta_ours(llm: AnthropicBaseLLM) -> None:
    await llm.get_answer(HELLO, max_tokens=100, provider_options={"betas": ["files-2026-01-01"]})


async def _count_theirs(client: anthropic.AsyncAnthropic) -> None:
    tools: Any = [THEIR_WEATHER]
    await client.messages.count_tokens(model=MODEL, messages=HELLO, tools=tools)


async def _count_ours(llm: AnthropicBaseLLM) -> None:
    await llm.count_tokens(HELLO, tools=[WEATHER], exact=True)


async def _models_theirs(client: anthropic.AsyncAnthropic) -> None:
    await client.models.list(limit=1000)


RESULTS: list[dict[str, Any]] = [
    {"type": "tool_result", "tool_use_id": "toolu_1", "content": "rain"},
    {"type": "tool_result", "tool_use_id": "toolu_2", "content": "no such city", "is_error": True},
]
CONVERSATION = [
    SystemMessage("Be brief."),
    UserMessage("Weather?"),
    AnthropicMessagesWire().parse_response(ANSWER).message,
    ToolMessage("rain", "toolu_1"),
    ToolMessage("no such city", "toolu_2", is_error=True),
]
THEIR_CONVERSATION: list[dict[str, Any]] = [
    {"role": "user", "content": "Weather?"},
    {"role": "assistant", "content": ANSWER["content"]},
    {"role": "user", "content": RESULTS},
]
CACHED = [
    SystemMessage([TextPart("Rules."), CachePoint("1h")]),
    UserMessage([TextPart("Book."), CachePoint(), TextPart("Question?")]),
]
THEIR_CACHED = [
    {
        "role": "user",
        "content": [
            {"type": "text", "text": "Book.", "cache_control": MARK},
            {"type": "text", "text": "Question?"},
        ],
    }
]
MIDDLE = [*HELLO, {"role": "system", "content": "Now in French."}]
OLD: dict[str, Any] = {"our_settings": {"api_key": "key", "api_version": "2023-06-01"}}

CALLS = (
    message("one message"),
    message("a plain string", "Hello!", their_messages=HELLO),
    message(
        "system, answers, blocks",
        [{"role": "system", "content": "Be brief."}, *HELLO, {"role": "assistant", "content": "Hi."}, *_asks()],
        their_messages=[*HELLO, {"role": "assistant", "content": "Hi."}, *_asks()],
        theirs={"system": "Be brief."},
    ),
    message("a system message between the others", MIDDLE),
    message(
        "stop, tier and user",
        theirs={"stop_sequences": ["END"], "service_tier": "auto", "metadata": {"user_id": "u1"}},
        ours={"stop": "END", "service_tier": "auto", "safety_identifier": "u1"},
    ),
    message("a stream", stream=True),
    message(
        "images",
        [UserMessage([TextPart("What?"), ImagePart(data=PICTURE), ImagePart(url="https://example.com/a.png")])],
        their_messages=_asks(
            {"type": "image", "source": PNG_SOURCE},
            {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
        ),
    ),
    message(
        "documents",
        [
            UserMessage(
                [
                    TextPart("What?"),
                    FilePart(data=PDF, filename="a.pdf", citations=True),
                    FilePart(data=b"Plain.", media_type="text/plain"),
                    FilePart(url="https://example.com/a.pdf"),
                    FilePart(file_id="file_1"),
                ]
            )
        ],
        their_messages=_asks(
            {"type": "document", "source": PDF_SOURCE, "title": "a.pdf", "citations": {"enabled": True}},
            {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Plain."}},
            {"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}},
            {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
        ),
    ),
    _tools("a tool"),
    _tools("tool choice auto", {"type": "auto"}, ours={"tool_choice": "auto"}),
    _tools("tool choice none", {"type": "none"}, ours={"tool_choice": "none"}),
    _tools("tool choice any", {"type": "any"}, ours={"tool_choice": "required"}, model="claude-opus-5"),
    _tools(
        "one named tool at a time",
        {"type": "tool", "name": "get_weather", "disable_parallel_tool_use": True},
        ours={"tool_choice": "get_weather", "parallel_tool_calls": False},
        model="claude-opus-5",
    ),
    _tools(
        "one tool at a time",
        {"type": "auto", "disable_parallel_tool_use": True},
        ours={"parallel_tool_calls": False},
    ),
    message("the vendor's search", theirs={"tools": [SEARCH]}, ours={"tools": [ServerTool(SEARCH)]}),
    message(
        "thinking by effort",
        theirs={"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}},
        ours={"reasoning_effort": "high"},
    ),
    message(
        "thinking shown in summary",
        theirs={"thinking": {"type": "adaptive", "display": "summarized"}},
        ours={"reasoning_summary": "auto"},
    ),
    message(
        "thinking within a budget",
        model="claude-haiku-4-5",
        theirs={"thinking": {"type": "enabled", "budget_tokens": 2_048}, "max_tokens": 4_000},
        ours={"reasoning_effort": "low", "max_tokens": 4_000},
    ),
    message(
        "no thinking",
        model="claude-opus-5",
        theirs={"thinking": {"type": "disabled"}},
        ours={"reasoning_effort": "none"},
    ),
    message(
        "an answer goes back with results",
        CONVERSATION,
        their_messages=THEIR_CONVERSATION,
        theirs={"system": "Be brief.", "tools": [THEIR_WEATHER]},
        ours={"tools": [WEATHER]},
    ),
    message(
        "cache points",
        CACHED,
        their_messages=THEIR_CACHED,
        theirs={"system": [{"type": "text", "text": "Rules.", "cache_control": HOUR}]},
    ),
    message(
        "caching left to the vendor",
        theirs={"cache_control": MARK},
        ours={"provider_options": {"cache_control": MARK}},
    ),
    message("an older version", **OLD, theirs={"extra_headers": {"anthropic-version": "2023-06-01"}}),
    message(
        "temperature in the older version",
        model="claude-sonnet-4-6",
        **OLD,
        theirs={"extra_headers": {"anthropic-version": "2023-06-01"}, "extra_body": {"temperature": 0.5, "top_k": 5}},
        ours={"temperature": 0.5, "top_k": 5},
    ),
    message("a token", our_settings={"auth_token": "token"}, their_settings={"auth_token": "token"}),
    Call("a typed answer", _parse_theirs, _typed_ours),
    Call(
        "betas",
        _beta_theirs,
        _beta_ours,
        our_settings={"api_key": "key", "betas": ["context-1m-2026-01-01"]},
    ),
    Call("the count of tokens", _count_theirs, _count_ours),
    Call("the list of models", _models_theirs, lambda llm: llm.list_models()),
)
