"""aiohttp and json, as a careful user writes them by hand for Gemini: the yardstick."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.benchmarks.clients.by_hand import open_session
from tests.benchmarks.payloads import MAX_TOKENS, SYSTEM, Answer, make_question
from tests.benchmarks.vendors.google import GOOGLE


class ByHand:
    """Calls over one shared session."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._model_url = f"{address}/v1beta/models/{GOOGLE.model}"

    def _body(self, kind: str) -> dict[str, Any]:
        return {
            "systemInstruction": {"parts": [{"text": SYSTEM}]},
            "contents": [{"role": "user", "parts": [{"text": make_question(kind)}]}],
            "generationConfig": {"maxOutputTokens": MAX_TOKENS},
        }

    async def call(self, kind: str) -> Answer:
        async with self._session.post(f"{self._model_url}:generateContent", json=self._body(kind)) as response:
            response.raise_for_status()
            answer = await response.json()
        usage, parts = answer["usageMetadata"], answer["candidates"][0]["content"]["parts"]
        text = "".join(part["text"] for part in parts)
        return Answer(text, usage["promptTokenCount"], usage["candidatesTokenCount"])

    async def stream(self, kind: str) -> Answer:
        pieces: list[str] = []
        usage: dict[str, Any] = {}
        url = f"{self._model_url}:streamGenerateContent?alt=sse"
        async with self._session.post(url, json=self._body(kind)) as response:
            response.raise_for_status()
            async for line in response.content:
                if not line.startswith(b"data: "):
                    continue
                chunk = json.loads(line[6:])
                for part in chunk["candidates"][0]["content"]["parts"]:
                    pieces.append(part["text"])
                usage = chunk["usageMetadata"]
        return Answer("".join(pieces), usage["promptTokenCount"], usage["candidatesTokenCount"])


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[ByHand]:
    """Open a session with the key."""
    async with open_session({"x-goog-api-key": "sk-benchmark"}) as session:
        yield ByHand(session, address)
