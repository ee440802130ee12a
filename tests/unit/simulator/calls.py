"""Calling the simulator without any SDK, so that tests see what is on the wire."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from core.llms.simulator import Simulator

KEY = {"Authorization": "Bearer sk-test"}
CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
EMBEDDINGS = "/v1/embeddings"
MODEL = "gpt-4.1-mini"


@dataclass(frozen=True)
class Received:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def error(self) -> dict[str, Any]:
        error: dict[str, Any] = self.json["error"]
        return error

    @property
    def events(self) -> list[Any]:
        lines = [line[6:] for line in self.content.decode().split("\n") if line.startswith("data: ")]
        return [json.loads(line) for line in lines if line != "[DONE]"]


async def post(
    sim: Simulator,
    path: str,
    body: Any,
    *,
    headers: Mapping[str, str] | None = None,
    fault: Mapping[str, Any] | None = None,
) -> Received:
    sent = {"Content-Type": "application/json", **(KEY if headers is None else headers)}
    if fault is not None:
        sent["x-simulator-fault"] = json.dumps(fault)
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sim.url}{path}", headers=sent, data=io.BytesIO(payload)) as response,
    ):
        return Received(response.status, response.headers, await response.read())


async def get(sim: Simulator, path: str, *, headers: Mapping[str, str] | None = None) -> Received:
    sent = dict(KEY if headers is None else headers)
    async with aiohttp.ClientSession() as session, session.get(f"{sim.url}{path}", headers=sent) as response:
        return Received(response.status, response.headers, await response.read())


def chat_body(text: str = "Hello!", /, **fields: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": [{"role": "user", "content": text}], **fields}


def response_body(text: str = "Hello!", /, **fields: Any) -> dict[str, Any]:
    return {"model": MODEL, "input": text, **fields}


def messages(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"messages": list(entries)}


def content(*parts: dict[str, Any]) -> dict[str, Any]:
    return messages({"role": "user", "content": list(parts)})
