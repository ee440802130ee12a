"""aiohttp and json, as a careful user writes them by hand for OpenAI: the yardstick."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.benchmarks.clients.by_hand import open_session
from tests.benchmarks.payloads import MAX_TOKENS, Answer, make_messages
from tests.benchmarks.vendors.openai import OPENAI


class ByHand:
    """Calls over one shared session."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._url = f"{address}/v1/chat/completions"

    async def call(self, kind: str) -> Answer:
        body = {"model": OPENAI.model, "messages": make_messages(kind), "max_tokens": MAX_TOKENS}
        async with self._session.post(self._url, json=body) as response:
            response.raise_for_status()
            answer = await response.json()
        usage = answer["usage"]
        return Answer(answer["choices"][0]["message"]["content"], usage["prompt_tokens"], usage["completion_tokens"])

    async def stream(self, kind: str) -> Answer:
        body = {
            "model": OPENAI.model,
            "messages": make_messages(kind),
            "max_tokens": MAX_TOKENS,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        pieces: list[str] = []
        usage: dict[str, Any] = {}
        async with self._session.post(self._url, json=body) as response:
            response.raise_for_status()
            async for line in response.content:
                if not line.startswith(b"data: "):
                    continue
                data = line[6:].strip()
                if data == b"[DONE]":
                    break
                chunk = json.loads(data)
                for choice in chunk["choices"]:
                    if text := choice["delta"].get("content"):
                        pieces.append(text)
                usage = chunk.get("usage") or usage
        return Answer("".join(pieces), usage["prompt_tokens"], usage["completion_tokens"])


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[ByHand]:
    """Open a session with the key."""
    async with open_session({"Authorization": "Bearer sk-benchmark"}) as session:
        yield ByHand(session, address)
