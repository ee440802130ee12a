"""What we send to Ollama is what its own SDK sends for the same call, save for the differences listed.

Each reason is an entry of the page, word for word.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from ollama import AsyncClient

from core.llms.providers.ollama import OllamaBaseLLM, create_ollama_llm
from core.llms.types.content import ImagePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import ResponseFormat, Tool
from tests.contract.capture import Captured
from tests.support.raw_server import Exchange, raw_server

PAGE = Path(__file__).parents[2] / "docs" / "providers" / "ollama.md"
EMPTY: Final = "The SDK sends `tools: []` where there are none; we leave it out."
NO_TEXT: Final = 'A message of calls alone goes back with `content: ""`, as it came; the SDK drops what is empty.'
IDS: Final = (
    "A call's id goes back with it, and with its result as `tool_call_id`: the server tells parallel calls apart by "
    "them. The SDK drops ids."
)
WHOLE: Final = "Text to embed is never cut without a word: `truncate: false` is sent."
PNG = b"\x89PNG\r\n\x1a\n"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
FUNCTION = {"name": "look", "description": "Looks.", "parameters": SCHEMA}
HI = [{"role": "user", "content": "Hi"}]


@dataclass(frozen=True)
class Call:
    name: str
    theirs: Callable[[AsyncClient], Awaitable[Any]]
    ours: Callable[[OllamaBaseLLM], Awaitable[Any]]
    settings: dict[str, Any] = field(default_factory=dict)
    differences: dict[str, str] = field(default_factory=dict)


def chat(name: str, theirs: dict[str, Any], ours: dict[str, Any], **facts: Any) -> Call:
    their_messages = theirs.pop("messages", HI)
    our_messages = ours.pop("messages", "Hi")
    facts["differences"] = {"body.tools": EMPTY} | facts.get("differences", {})
    if "tools" in theirs:
        del facts["differences"]["body.tools"]
    return Call(
        name,
        lambda client: client.chat(model="m", messages=their_messages, **theirs),
        lambda llm: llm.get_answer(our_messages, **ours),
        **facts,
    )


async def _their_stream(client: AsyncClient) -> None:
    async for _ in await client.chat(model="m", messages=HI, stream=True):
        continue


CALLED = ToolCall("c1", "look", {"city": "Oslo"}, '{"city":"Oslo"}', item_id="c1", origin="ollama")
CALLS = (
    chat("one message", {}, {}),
    Call(
        "a stream",
        _their_stream,
        lambda llm: llm.stream_answer("Hi").get_response(),
        differences={"body.tools": EMPTY},
    ),
    chat(
        "a conversation",
        {"messages": [{"role": "system", "content": "S"}, *HI, {"role": "assistant", "content": "A"}, *HI]},
        {"messages": [SystemMessage("S"), UserMessage("Hi"), AssistantMessage("A"), UserMessage("Hi")]},
    ),
    chat(
        "every option",
        {
            "options": {
                "num_predict": 9, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "seed": 7, "stop": ["END"],
                "frequency_penalty": 0.1, "presence_penalty": 0.2, "num_ctx": 9_000,
            },
            "keep_alive": "10m",
            "logprobs": True,
            "top_logprobs": 2,
        },
        {
            "max_tokens": 9, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "seed": 7, "stop": "END",
            "frequency_penalty": 0.1, "presence_penalty": 0.2, "logprobs": True, "top_logprobs": 2,
        },
        settings={"num_ctx": 9_000, "keep_alive": "10m"},
    ),
    chat("without thinking", {"think": False}, {"reasoning_effort": "none"}),
    chat(
        "an image",
        {"messages": [{"role": "user", "content": "?", "images": [PNG]}]},
        {"messages": [UserMessage((TextPart("?"), ImagePart(data=PNG)))]},
    ),
    chat(
        "a tool",
        {"tools": [{"type": "function", "function": FUNCTION}]},
        {"tools": [Tool("look", "Looks.", SCHEMA)]},
    ),
    chat("free JSON", {"format": "json"}, {"response_format": ResponseFormat("json_object")}),
    chat("a schema", {"format": SCHEMA}, {"response_format": ResponseFormat("json_schema", schema=SCHEMA)}),
    chat(
        "thoughts, a call and its result go back",
        {
            "messages": [
                *HI,
                {
                    "role": "assistant",
                    "content": "",
                    "thinking": "hm",
                    "tool_calls": [{"id": "c1", "function": {"name": "look", "arguments": {"city": "Oslo"}}}],
                },
                {"role": "tool", "content": "rain", "tool_name": "look"},
            ]
        },
        {
            "messages": [
                UserMessage("Hi"),
                AssistantMessage((ReasoningPart("hm", origin="ollama"), CALLED)),
                ToolMessage("rain", "c1"),
            ]
        },
        differences={
            "body.messages[1].content": NO_TEXT,
            "body.messages[1].tool_calls[0].id": IDS,
            "body.messages[2].tool_call_id": IDS,
        },
    ),
    Call(
        "embeddings",
        lambda client: client.embed(model="m", input=["a", "b"], dimensions=64),
        lambda llm: llm.embed(["a", "b"], dimensions=64),
        differences={"body.truncate": WHOLE},
    ),
    Call(
        "models",
        lambda client: client.list(),
        lambda llm: llm.list_models(),
    ),
)  # fmt: skip


async def answer(exchange: Exchange) -> None:
    body = {"message": {"role": "assistant", "content": '{"city": "Oslo"}'}, "done": True, "done_reason": "stop"}
    await exchange.answer(json.dumps({**body, "embeddings": [[1.0], [2.0]], "models": []}).encode() + b"\n")


async def send_both(call: Call) -> list[Captured]:
    """Make a call with Ollama's SDK and with ours, and return what each sent."""
    received: list[Captured] = []

    async def handle(exchange: Exchange) -> None:
        first, *lines = exchange.head.decode().strip().split("\r\n")
        method, path, _ = first.split(" ")
        named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        headers = {name: value for name, value in named.items() if name in ("authorization", "content-type")}
        received.append(Captured(method, path, {}, headers, json.loads(exchange.body) if exchange.body else None))
        await answer(exchange)

    async with raw_server(handle) as server:
        async with AsyncClient(host=server.url) as client:
            await call.theirs(client)
        async with create_ollama_llm("m", base_url=server.url, **call.settings) as llm:
            await call.ours(llm)
    return received


@pytest.mark.parametrize("call", CALLS, ids=[call.name for call in CALLS])
async def test_request_is_the_sdk_s_but_for_the_listed_differences(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "k")
    theirs, ours = (captured.fields() for captured in await send_both(call))
    differences = {
        place: (theirs.get(place), ours.get(place))
        for place in sorted({*theirs, *ours})
        if theirs.get(place) != ours.get(place)
    }
    unlisted = {place: values for place, values in differences.items() if place not in call.differences}
    assert not unlisted, f"differences (theirs, ours) that are not listed: {unlisted}"
    assert set(call.differences) == set(differences), "listed, but there no more"


def test_page_explains_every_listed_difference() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    reasons = {reason for call in CALLS for reason in call.differences.values()}
    assert {reason for reason in reasons if reason not in page} == set()
