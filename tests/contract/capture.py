"""A server that keeps what it receives and answers every call with something whole, for two clients to be compared."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support import response_bytes
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, raw_server

# Headers that authenticate, choose the account or say what the body is; the others describe the client itself.
COMPARED_HEADERS = ("authorization", "api-key", "openai-organization", "openai-project", "content-type")
ANSWER = '{"name": "Ada", "age": 36, "home": {"city": "London"}, "tags": []}'


@dataclass(frozen=True)
class Captured:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any

    def fields(self) -> dict[str, Any]:
        """Every leaf of the request by its place: `path`, `query.api-version`, `body.messages[0].role`, …"""
        whole = {"method": self.method, "path": self.path, "query": self.query, "headers": self.headers}
        return flatten({**whole, "body": self.body})


def flatten(value: Any, place: str = "") -> dict[str, Any]:
    """Leaves of JSON by their place; an empty object or list is a leaf, and so is the type of a number."""
    children: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        children = [(f"{place}.{name}" if place else name, child) for name, child in value.items()]
    elif isinstance(value, list):
        children = [(f"{place}[{index}]", child) for index, child in enumerate(value)]
    if not children:
        return {place: (type(value).__name__, value)}
    return {leaf: found for name, child in children for leaf, found in flatten(child, name).items()}


@dataclass
class Capture:
    url: str
    received: list[Captured]

    def take(self) -> Captured:
        """The one request since the last time."""
        (captured,) = self.received
        self.received.clear()
        return captured


@asynccontextmanager
async def capturing() -> AsyncIterator[Capture]:
    capture = Capture("", [])

    async def handle(exchange: Exchange) -> None:
        captured = read_request(exchange)
        capture.received.append(captured)
        await answer(exchange, captured)

    async with raw_server(handle) as server:
        capture.url = server.url
        yield capture


def read_request(exchange: Exchange) -> Captured:
    first, *lines = exchange.head.decode().strip().split("\r\n")
    method, target, _ = first.split(" ")
    named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    url = urlsplit(target)
    body = json.loads(exchange.body) if exchange.body else None
    headers = {name: named[name] for name in COMPARED_HEADERS if name in named}
    return Captured(method, url.path, dict(parse_qsl(url.query)), headers, body)


async def answer(exchange: Exchange, captured: Captured) -> None:
    if isinstance(captured.body, dict) and captured.body.get("stream"):
        await exchange.begin_stream()
        await exchange.send(
            *(response_bytes.stream(ANSWER) if captured.path.endswith("/responses") else stream(ANSWER))
        )
        exchange.writer.close()
        return
    await exchange.answer(_whole_answer(captured))


def _whole_answer(captured: Captured) -> bytes:
    match captured.path.rpartition("/")[2]:
        case "completions":
            return completion(ANSWER)
        case "responses":
            return response_bytes.response(ANSWER)
        case "input_tokens":
            return b'{"object": "response.input_tokens", "input_tokens": 5}'
        case "models":
            card = {"id": "gpt-4.1-mini", "object": "model", "created": 1, "owned_by": "system"}
            return json.dumps({"object": "list", "data": [card]}).encode()
        case "embeddings":
            return _embeddings(captured.body["input"])
    raise AssertionError(f"nothing is served at {captured.path}")


def _embeddings(texts: str | list[str]) -> bytes:
    count = 1 if isinstance(texts, str) else len(texts)
    data = [{"object": "embedding", "index": index, "embedding": "AACAPwAAAAA="} for index in range(count)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return json.dumps({"object": "list", "model": "m", "data": data, "usage": usage}).encode()
