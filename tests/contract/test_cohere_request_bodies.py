"""What we send to Cohere is what its own SDK sends for the same call, save for the differences listed.

Each reason is an entry of the page, word for word.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import pytest
from cohere import AsyncClientV2

from core.llms.providers.cohere import CohereBaseLLM, create_cohere_llm
from core.llms.types.content import FilePart, ImagePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import ResponseFormat, Tool
from tests.contract.capture import Captured
from tests.support.raw_server import Exchange, raw_server

PAGE = Path(__file__).parents[2] / "docs" / "providers" / "cohere.md"
WHOLE: Final = "A text to embed is never cut without a word: `truncate: NONE` is sent."
PAGES: Final = "A list of models is asked for 1,000 at a time."
CONTENT_TYPE: Final = (
    "A request without a body has `Content-Type: application/json` all the same: the header belongs to the session."
)
CHAT, EMBEDDER = "command-a-plus-05-2026", "embed-v4.0"
PNG_URL = "data:image/png;base64,iVBORw0KGgo="
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": SCHEMA}}
HI = [{"role": "user", "content": "Hi"}]


@dataclass(frozen=True)
class Call:
    name: str
    theirs: Callable[[Any], Awaitable[Any]]
    ours: Callable[[CohereBaseLLM], Awaitable[Any]]
    model: str = CHAT
    differences: dict[str, str] = field(default_factory=dict)


def chat(name: str, theirs: dict[str, Any], ours: dict[str, Any]) -> Call:
    their_messages, our_messages = theirs.pop("messages", HI), ours.pop("messages", "Hi")
    return Call(
        name,
        lambda client: client.chat(model=CHAT, messages=their_messages, **theirs),
        lambda llm: llm.get_answer(our_messages, **ours),
    )


async def _their_stream(client: Any) -> None:
    async for _ in client.chat_stream(model=CHAT, messages=HI):
        continue


BLOCKS = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "a"}]
SAID = {"role": "assistant", "content": BLOCKS}
PLANNED = {
    "role": "assistant",
    "tool_plan": "I will look.",
    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"city":"Oslo"}'}}],
}
CALLS = (
    chat("one message", {}, {}),
    Call("a stream", _their_stream, lambda llm: llm.stream_answer("Hi").get_response()),
    chat(
        "every parameter",
        {
            "max_tokens": 9, "temperature": 0.5, "p": 0.9, "k": 4, "seed": 7, "stop_sequences": ["END"],
            "frequency_penalty": 0.1, "presence_penalty": 0.2, "logprobs": True, "safety_mode": "STRICT",
        },
        {
            "max_tokens": 9, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "seed": 7, "stop": "END", "logprobs": True,
            "frequency_penalty": 0.1, "presence_penalty": 0.2, "provider_options": {"safety_mode": "STRICT"},
        },
    ),
    chat("a budget of thinking", {"thinking": {"type": "enabled", "token_budget": 2_048}}, {"reasoning_effort": "low"}),
    chat("without thinking", {"thinking": {"type": "disabled"}}, {"reasoning_effort": "none"}),
    chat(
        "an image",
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "?"},
                        {"type": "image_url", "image_url": {"url": PNG_URL, "detail": "low"}},
                    ],
                }
            ]
        },
        {"messages": [UserMessage((TextPart("?"), ImagePart(url=PNG_URL, detail="low")))]},
    ),
    chat(
        "a document",
        {"documents": [{"id": "doc:0", "data": {"title": "a.txt", "text": "Ruby."}}]},
        {
            "messages": [
                UserMessage((TextPart("Hi"), FilePart(data=b"Ruby.", filename="a.txt", media_type="text/plain")))
            ]
        },
    ),
    chat(
        "a tool that must be called",
        {"tools": [TOOL], "tool_choice": "REQUIRED", "strict_tools": True},
        {"tools": [Tool("look", "Looks.", SCHEMA, strict=True)], "tool_choice": "required"},
    ),
    chat(
        "a schema",
        {"response_format": {"type": "json_object", "json_schema": SCHEMA}},
        {"response_format": ResponseFormat("json_schema", schema=SCHEMA)},
    ),
    chat(
        "thoughts, a plan and a result go back",
        {
            "messages": [
                {"role": "system", "content": "S"},
                *HI,
                SAID,
                *HI,
                PLANNED,
                {"role": "tool", "tool_call_id": "c1", "content": "rain"},
            ]
        },
        {
            "messages": [
                SystemMessage("S"),
                UserMessage("Hi"),
                AssistantMessage((ReasoningPart("hm", origin="cohere_v2"), TextPart("a"))),
                UserMessage("Hi"),
                AssistantMessage(
                    (
                        ReasoningPart("I will look.", origin="cohere_v2", raw={"tool_plan": "I will look."}),
                        ToolCall.parse("c1", "look", '{"city":"Oslo"}'),
                    )
                ),
                ToolMessage("rain", "c1"),
            ]
        },
    ),
    Call(
        "embeddings",
        lambda client: client.embed(
            model=EMBEDDER, texts=["a", "b"], input_type="search_query", embedding_types=["float"], output_dimension=64
        ),
        lambda llm: llm.embed(["a", "b"], dimensions=64, input_type="query"),
        model=EMBEDDER,
        differences={"body.truncate": WHOLE},
    ),
    Call(
        "count of tokens",
        lambda client: client.tokenize(text="Hi", model=CHAT, offline=False),
        lambda llm: llm.count_tokens("Hi", exact=True),
    ),
    Call(
        "models",
        lambda client: client.models.list(),
        lambda llm: llm.list_models(),
        differences={"query.page_size": PAGES, "query": PAGES, "headers.content-type": CONTENT_TYPE},
    ),
)  # fmt: skip


async def answer(exchange: Exchange) -> None:
    body: dict[str, Any] = {
        "id": "1",
        "message": {"role": "assistant", "content": [{"type": "text", "text": '{"city": "Oslo"}'}]},
        "finish_reason": "COMPLETE",
        "embeddings": {"float": [[1.0], [2.0]]},
        "tokens": [1],
        "token_strings": ["a"],
        "models": [],
    }
    if exchange.body and json.loads(exchange.body).get("stream"):
        end = {"type": "message-end", "delta": {"finish_reason": "COMPLETE"}}
        await exchange.begin_stream()
        await exchange.send(b"data: " + json.dumps(end).encode() + b"\n\n")
        exchange.writer.close()
    else:
        await exchange.answer(json.dumps(body).encode())


async def send_both(call: Call) -> list[Captured]:
    """Make a call with Cohere's SDK and with ours, and return what each sent."""
    received: list[Captured] = []

    async def handle(exchange: Exchange) -> None:
        first, *lines = exchange.head.decode().strip().split("\r\n")
        method, target, _ = first.split(" ")
        named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        headers = {name: value for name, value in named.items() if name in ("authorization", "content-type")}
        url = urlsplit(target)
        body = json.loads(exchange.body) if exchange.body else None
        received.append(Captured(method, url.path, dict(parse_qsl(url.query)), headers, body))
        await answer(exchange)

    async with raw_server(handle) as server:
        async with AsyncClientV2(api_key="k", base_url=server.url) as client:
            await call.theirs(client)
        async with create_cohere_llm(call.model, api_key="k", base_url=server.url) as llm:
            await call.ours(llm)
    return received


@pytest.mark.parametrize("call", CALLS, ids=[call.name for call in CALLS])
async def test_request_is_the_sdk_s_but_for_the_listed_differences(call: Call) -> None:
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
