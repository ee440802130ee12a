"""Calling the simulated Cohere without any SDK, and good, rich requests with the fields they may leave out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import Received, post
from tests.unit.simulator.pictures import data_url, picture

CHAT = "/cohere/v2/chat"
EMBED = "/cohere/v2/embed"
RERANK = "/cohere/v2/rerank"
TOKENIZE = "/cohere/v1/tokenize"
DETOKENIZE = "/cohere/v1/detokenize"
MODELS = "/cohere/v1/models"
KEY = {"Authorization": "Bearer co-test"}
MODEL = "command-a-03-2025"
THINKER = "command-a-plus-05-2026"
PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
CITY: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER: Any = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Weather of a city", "parameters": CITY},
}


def chat_body(text: str = "Hello!", /, **fields: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": [user(text)], **fields}


def talk(*messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": list(messages), **fields}


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def system(content: Any) -> dict[str, Any]:
    return {"role": "system", "content": content}


def assistant(content: Any = None, **fields: Any) -> dict[str, Any]:
    return {"role": "assistant", **({} if content is None else {"content": content}), **fields}


def called(identity: str = "look_1", name: str = "look", arguments: str = "{}") -> dict[str, Any]:
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


def returned(identity: str = "look_1", content: Any = "seen") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": identity, "content": content}


def image(url: str, **fields: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, **fields}}


async def ask(
    sim: Simulator,
    body: Any,
    *,
    path: str = CHAT,
    headers: Mapping[str, str] = KEY,
    fault: Mapping[str, Any] | None = None,
) -> Received:
    return await post(sim, path, body, headers=headers, fault=fault)


def events(received: Received) -> list[dict[str, Any]]:
    """The events of a stream; their names must equal the types in their data, and `[DONE]` must end it."""
    *blocks, done, rest = received.content.decode().split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    found = []
    for block in blocks:
        name, data = block.split("\n")
        found.append(json.loads(data.removeprefix("data: ")))
        assert name == f"event: {found[-1]['type']}"
    return found


RICH_REQUEST: dict[str, Any] = {
    "model": THINKER,
    "messages": [
        system([{"type": "text", "text": "Be brief."}]),
        user("Who is it?"),
        assistant([{"type": "thinking", "thinking": "I look."}], tool_calls=[called()], tool_plan="I look."),
        returned(
            content=[
                {"type": "text", "text": "seen"},
                {"type": "document", "document": {"id": "door", "data": {"text": "It is Ada."}}},
            ]
        ),
        assistant(
            [{"type": "text", "text": "It is Ada."}],
            citations=[
                {
                    "start": 6,
                    "end": 9,
                    "text": "Ada",
                    "sources": [{"type": "tool", "id": "door", "tool_output": {"text": "It is Ada."}}],
                    "content_index": 0,
                    "type": "TEXT_CONTENT",
                }
            ],
        ),
        user([{"type": "text", "text": "And this?"}, image(data_url(picture(2, 2)), detail="low")]),
    ],
    "tools": [WEATHER],
    "tool_choice": "NONE",
    "strict_tools": True,
    "documents": [{"id": "facts", "data": {"title": "facts.txt"}}],
    "citation_options": {"mode": "FAST"},
    "thinking": {"type": "enabled", "token_budget": 100},
    "stream": True,
    "max_tokens": 500,
    "stop_sequences": ["END"],
    "temperature": 0.3,
    "seed": 7,
    "frequency_penalty": 0.1,
    "presence_penalty": 0.1,
    "k": 10,
    "p": 0.7,
    "logprobs": True,
    "priority": 1,
}
_CITED = "messages[4].citations[0]"
OPTIONAL = frozenset(
    {
        *(name for name in RICH_REQUEST if name not in ("model", "messages")),
        "messages[2].content",
        "messages[2].tool_plan",
        "messages[3].content[1].document.id",
        "messages[4].citations",
        *(f"{_CITED}.{name}" for name in ("start", "end", "text", "sources", "content_index", "type")),
        f"{_CITED}.sources[0].id",
        f"{_CITED}.sources[0].tool_output",
        "messages[5].content[1].image_url.detail",
        "tools[0].function.description",
        "documents[0].id",
        "citation_options.mode",
        "thinking.token_budget",
    }
)
FORMED_REQUEST: dict[str, Any] = {
    "model": MODEL,
    "messages": [user("Ada is 36.")],
    "response_format": {"type": "json_object", "json_schema": PERSON},
    "safety_mode": "STRICT",
}
FORMED_OPTIONAL = frozenset({"response_format", "response_format.json_schema", "safety_mode"})
EMBED_REQUEST: dict[str, Any] = {
    "model": "embed-v4.0",
    "input_type": "search_document",
    "inputs": [{"content": [{"type": "text", "text": "red"}, image(data_url(picture(2, 2)))]}],
    "max_tokens": 10,
    "output_dimension": 256,
    "embedding_types": ["float", "int8"],
    "truncate": "END",
    "priority": 1,
}
EMBED_OPTIONAL = frozenset({"max_tokens", "output_dimension", "embedding_types", "truncate", "priority"})
RERANK_REQUEST: dict[str, Any] = {
    "model": "rerank-v5.0-pro",
    "query": "red apples",
    "documents": ["Cars are fast.", "Apples are red. They grow."],
    "top_n": 2,
    "max_tokens_per_doc": 100,
    "relevant_spans": {"mode": "enabled", "threshold": 0.2, "max_spans": 1},
    "priority": 1,
}
RERANK_OPTIONAL = frozenset(
    {
        "top_n",
        "max_tokens_per_doc",
        "relevant_spans",
        "relevant_spans.threshold",
        "relevant_spans.max_spans",
        "priority",
    }
)
TOKENIZE_REQUEST: dict[str, Any] = {"model": MODEL, "text": "Hello there"}
DETOKENIZE_REQUEST: dict[str, Any] = {"model": MODEL, "tokens": [13225, 1354]}
