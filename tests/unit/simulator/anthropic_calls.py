"""Calling the simulated Anthropic without any SDK, and one good, rich request with the fields it may leave out."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import Received, post
from tests.unit.simulator.pictures import picture

MESSAGES = "/anthropic/v1/messages"
COUNT = f"{MESSAGES}/count_tokens"
NEW = {"x-api-key": "sk-ant-test", "anthropic-version": "2026-10-21"}
OLD = NEW | {"anthropic-version": "2023-06-01"}
MODEL = "claude-haiku-4-5-20251001"
THINKER = "claude-opus-4-8"


def message_body(text: str = "Hello!", /, **fields: Any) -> dict[str, Any]:
    return {"model": MODEL, "max_tokens": 1024, "messages": [user(text)], **fields}


def user(*content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content[0] if isinstance(content[0], str) else list(content)}


def assistant(*content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content[0] if isinstance(content[0], str) else list(content)}


def text(words: str, **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **fields}


def image(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    source = {"type": "base64", "media_type": media_type, "data": base64.b64encode(data).decode()}
    return {"type": "image", "source": source}


def called(identity: str = "toolu_1", name: str = "look", **arguments: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": identity, "name": name, "input": arguments}


def returned(identity: str = "toolu_1", content: Any = "seen") -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": identity, "content": content}


async def ask(
    sim: Simulator, body: Any, *, headers: Mapping[str, str] = NEW, fault: Mapping[str, Any] | None = None
) -> Received:
    return await post(sim, MESSAGES, body, headers=headers, fault=fault)


def events(received: Received) -> list[tuple[str, dict[str, Any]]]:
    """The events of a stream with their names, which must equal the types in their data."""
    found = []
    for block in received.content.decode().split("\n\n")[:-1]:
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    assert all(name == data["type"] for name, data in found)
    return found


CACHED = {"type": "ephemeral", "ttl": "5m"}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}
_PDF = base64.b64encode(b"%PDF-1.4").decode()
_SEARCH = {
    "type": "web_search_20260318",
    "name": "web_search",
    "max_uses": 3,
    "allowed_domains": ["example.com"],
    "user_location": {"type": "approximate", "city": "Oslo", "country": "NO"},
}

RICH_REQUEST: dict[str, Any] = {
    "model": THINKER,
    "max_tokens": 2048,
    "system": [text("Be brief.", cache_control=CACHED)],
    "messages": [
        user("Who is it?"),
        assistant(text("I look."), called(name="look", at="the door") | {"caller": {"type": "direct"}}),
        user(
            {
                "type": "tool_result",
                "tool_use_id": "toolu_1",
                "is_error": False,
                "content": [text("seen"), image(picture(3, 3))],
            }
        ),
        {"role": "system", "content": "Answer as json."},
        assistant("I have looked."),
        user(
            text("And this?"),
            image(picture(2, 2)),
            {
                "type": "document",
                "title": "a.pdf",
                "context": "a letter",
                "source": {"type": "base64", "media_type": "application/pdf", "data": _PDF},
            },
            {"type": "search_result", "source": "notes", "title": "A note", "content": [text("It rains.")]},
        ),
    ],
    "tools": [
        {"type": "custom", "name": "look", "description": "Looks", "input_schema": PERSON, "strict": True},
        _SEARCH,
    ],
    "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
    "thinking": {"type": "adaptive", "display": "summarized"},
    "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": PERSON}},
    "stop_sequences": ["END"],
    "stream": True,
    "metadata": {"user_id": "user-1"},
    "service_tier": "auto",
    "cache_control": CACHED,
}
OPTIONAL = frozenset(
    {
        "system",
        "system[0].cache_control",
        "system[0].cache_control.ttl",
        "messages[1].content[1].caller",
        "messages[2].content[0].is_error",
        "messages[2].content[0].content",
        "messages[5].content[2].title",
        "messages[5].content[2].context",
        "tools[0].type",
        "tools[0].description",
        "tools[0].strict",
        "tools[1].max_uses",
        "tools[1].allowed_domains",
        "tools[1].user_location",
        "tools[1].user_location.city",
        "tools[1].user_location.country",
        "tool_choice",
        "tool_choice.disable_parallel_tool_use",
        "thinking",
        "thinking.display",
        "output_config",
        "output_config.effort",
        "output_config.format",
        "stop_sequences",
        "stream",
        "metadata",
        "metadata.user_id",
        "service_tier",
        "cache_control",
        "cache_control.ttl",
    }
)
_NOT_COUNTED = ("max_tokens", "stop_sequences", "stream", "metadata", "service_tier")
COUNT_REQUEST = {name: value for name, value in RICH_REQUEST.items() if name not in _NOT_COUNTED}
COUNT_OPTIONAL = frozenset(name for name in OPTIONAL if name.split(".")[0] not in _NOT_COUNTED)
SAMPLED_REQUEST: dict[str, Any] = {
    "model": MODEL,
    "max_tokens": 100,
    "messages": [user("Hello!"), assistant("Well,")],
    "temperature": 0.5,
    "top_k": 5,
}
