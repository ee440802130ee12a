"""watsonx.ai and IBM's identity service on one raw server: tokens `token-1`, `token-2` …, and chats with a token."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.support.raw_server import Exchange, RawServer, raw_server

ANSWER: dict[str, Any] = {
    "id": "chat-1",
    "model_id": "ibm/granite-4-h-small",
    "model": "ibm/granite-4-h-small",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    "created": 1_764_300_000,
    "usage": {"prompt_tokens": 5, "completion_tokens": 9, "total_tokens": 14},
}
EXPIRED = {
    "errors": [
        {
            "code": "authentication_token_expired",
            "message": "Failed to authenticate the request due to an expired token",
            "more_info": "https://cloud.ibm.com/apidocs/watsonx-ai",
        }
    ],
    "trace": "trace-1",
    "status_code": 401,
}


@dataclass
class Service:
    """What the server does: `exchange` and `chat` may be replaced; tokens that are `refused` are answered with 401."""

    server: RawServer
    issued: int = 0
    lifetime_seconds: int = 3_600
    refused: set[str] = field(default_factory=set)
    exchange: Callable[[Exchange], Awaitable[None]] | None = None
    chat: Callable[[Exchange], Awaitable[None]] | None = None

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of the factory that lead here."""
        return {
            "api_key": "key-1",
            "project_id": "p-1",
            "base_url": self.server.url,
            "iam_url": f"{self.server.url}/identity/token",
        }

    @property
    def exchanges(self) -> list[Exchange]:
        """The exchanges of a key for a token so far."""
        return [exchange for exchange in self.server.exchanges if b" /identity/token " in exchange.head]

    @property
    def chats(self) -> list[Exchange]:
        """The other requests so far."""
        return [exchange for exchange in self.server.exchanges if b" /ml/v1/" in exchange.head]

    async def give_token(self, exchange: Exchange) -> None:
        """Give the next token."""
        self.issued += 1
        token = {"access_token": f"token-{self.issued}", "expires_in": self.lifetime_seconds, "token_type": "Bearer"}
        await exchange.answer(json.dumps(token).encode())

    async def handle(self, exchange: Exchange) -> None:
        if b" /identity/token " in exchange.head:
            await (self.exchange or self.give_token)(exchange)
        elif bearer(exchange) in self.refused:
            await exchange.answer(json.dumps(EXPIRED).encode(), "401 Unauthorized")
        elif self.chat is not None:
            await self.chat(exchange)
        else:
            await exchange.answer(json.dumps(ANSWER).encode())


def bearer(exchange: Exchange) -> str:
    """Return the token that a request came with."""
    lines = exchange.head.decode().split("\r\n")
    return next((line.split(" ")[2] for line in lines if line.lower().startswith("authorization: bearer ")), "")


def form(exchange: Exchange) -> dict[str, str]:
    """Return the form that a request holds."""
    return {name: values[0] for name, values in parse_qs(exchange.body.decode()).items()}


@asynccontextmanager
async def watsonx_server() -> AsyncIterator[Service]:
    """Serve both on a free port."""
    service = Service(RawServer(""))

    async def handle(exchange: Exchange) -> None:
        await service.handle(exchange)

    async with raw_server(handle) as server:
        service.server = server
        yield service
