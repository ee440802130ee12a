"""An LLM behind a cache, over a real server that answers plain or streamed, and that a test can hold up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from core.llms import NO_RETRY, CacheMiddleware
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, raw_server


@dataclass
class Served:
    """What was asked; `gate` holds every answer back while it is closed, `answer` replaces it."""

    bodies: list[dict[str, Any]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Callable[[int], bytes] = lambda number: completion(f"Answer {number}")
    status: str = "200 OK"

    async def handle(self, exchange: Exchange) -> None:
        body = json.loads(exchange.body)
        self.bodies.append(body)
        number = len(self.bodies)
        await self.gate.wait()
        if body.get("stream"):
            events = b"".join(stream("Streamed ", str(number)))
            await exchange.answer(events, "200 OK", "text/event-stream")
        elif "input" in body:
            vectors = [{"index": place, "embedding": [0.5, number]} for place, _ in enumerate(body["input"])]
            usage = {"prompt_tokens": 3, "total_tokens": 3}
            await exchange.answer(json.dumps({"data": vectors, "model": "e", "usage": usage}).encode())
        else:
            await exchange.answer(self.answer(number), self.status)

    async def asked(self, times: int) -> None:
        """Wait until so many requests came."""
        async with asyncio.timeout(10):
            while len(self.bodies) < times:
                await asyncio.sleep(0.001)


@asynccontextmanager
async def cached_llm(
    cache: Any = None, model: str = "gpt-4.1-mini", **options: Any
) -> AsyncIterator[tuple[OpenAIBaseLLM, Served, CacheMiddleware]]:
    """The LLM, what its server was asked, and its cache; nothing is tried twice."""
    served = Served()
    served.gate.set()
    cache = CacheMiddleware() if cache is None else cache
    settings: dict[str, Any] = {"api_key": "k", "middleware": [cache], "retry": NO_RETRY, **options}
    async with (
        raw_server(served.handle) as server,
        create_openai_llm(model, base_url=server.url, **settings) as llm,
    ):
        yield llm, served, cache
