"""Calling the simulated Ollama without any SDK, and one good, rich request for each of its routes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import Received, post
from tests.unit.simulator.mutations import dotted, mutations
from tests.unit.simulator.pictures import picture

CHAT = "/ollama/api/chat"
GENERATE = "/ollama/api/generate"
EMBED = "/ollama/api/embed"
MODEL = "llama3.2:3b"
THINKER = "qwen3:4b"
OSS = "gpt-oss:20b"
SEER = "qwen3-vl:4b"


def chat(*messages: Any, model: str = MODEL, **fields: Any) -> dict[str, Any]:
    turns = [{"role": "user", "content": entry} if isinstance(entry, str) else entry for entry in messages]
    return {"model": model, "messages": turns, "stream": False, **fields}


async def ask(sim: Simulator, body: Any, path: str = CHAT, fault: Mapping[str, Any] | None = None) -> Received:
    return await post(sim, path, body, headers={}, fault=fault)


def lines(received: Received) -> list[dict[str, Any]]:
    *whole, rest = received.content.decode().split("\n")
    assert rest == ""
    return [json.loads(line) for line in whole]


def all_but_model(body: dict[str, Any]) -> frozenset[str]:
    """Every field that may be left out: nothing but the model is asked for."""
    named = {dotted(mutation.path) for mutation in mutations(body) if mutation.kind == "remove"}
    return frozenset(named - {"model"})


WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {
            "type": "object",
            "required": ["city"],
            "properties": {"city": {"type": "string", "description": "The city", "enum": ["Oslo"]}},
        },
    },
}
IMAGE = base64.b64encode(picture(2, 2)).decode()
_OPTIONS = {
    "num_ctx": 8_192,
    "num_predict": 50,
    "temperature": 0.5,
    "seed": 7,
    "stop": ["END"],
    "penalize_newline": True,
}
RICH_CHAT: dict[str, Any] = {
    "model": SEER,
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Weather in Oslo?", "images": [IMAGE]},
        {
            "role": "assistant",
            "content": "",
            "thinking": "I look.",
            "tool_calls": [
                {"id": "call_1", "function": {"index": 0, "name": "get_weather", "arguments": {"city": "Oslo"}}}
            ],
        },
        {"role": "tool", "tool_name": "get_weather", "tool_call_id": "call_1", "content": "rain"},
    ],
    "tools": [WEATHER],
    "format": {"type": "object"},
    "think": True,
    "truncate": True,
    "logprobs": True,
    "top_logprobs": 2,
    "stream": False,
    "keep_alive": 300,
    "options": _OPTIONS,
}
RICH_GENERATE: dict[str, Any] = {
    "model": SEER,
    "prompt": "What is it?",
    "system": "Be brief.",
    "images": [IMAGE],
    "context": [1, 2, 3],
    "raw": False,
    "format": {"type": "object"},
    "think": True,
    "stream": False,
    "keep_alive": 300,
    "options": _OPTIONS,
}
RICH_EMBED: dict[str, Any] = {
    "model": "nomic-embed-text",
    "input": ["hello", "world"],
    "truncate": True,
    "dimensions": 8,
    "keep_alive": 300,
    "options": {"num_ctx": 512},
}
RICH_SHOW: dict[str, Any] = {"model": THINKER, "verbose": True}
