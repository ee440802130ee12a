"""aiohttp and json, as a careful user writes them by hand for Anthropic: the yardstick."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.benchmarks.clients.by_hand import open_session
from tests.benchmarks.payloads import MAX_TOKENS, SYSTEM, Answer, make_question
from tests.benchmarks.vendors.anthropic import ANTHROPIC


class ByHand:
    """Calls over one shared session."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._url = f"{address}/v1/messages"

    async def call(self, kind: str) -> Answer:
        body = {
            "model": ANTHROPIC.model,
            "system": SYSTEM,
            "messages": [{"role": "user", "content": make_question(kind)}],
            "max_tokens": MAX_TOKENS,
        }
        async with self._session.post(self._url, json=body) as response:
            response.raise_for_status()
            answer = await response.json()
        usage = answer["usage"]
        return Answer(answer["content"][0]["text"], usage["input_tokens"], usage["output_tokens"])

    async def stream(self, kind: str) -> Answer:
        body = {
            "model": ANTHROPIC.model,
            "system": SYSTEM,
            "messages": [{"role": "user", "content": make_question(kind)}],
            "max_tokens": MAX_TOKENS,
            "stream": True,
        }
        pieces: list[str] = []
        prompt_tokens = completion_tokens = 0
        async with self._session.post(self._url, json=body) as response:
            response.raise_for_status()
            async for line in response.content:
                if not line.startswith(b"data: "):
                    continue
                event = json.loads(line[6:])
                match event["type"]:
                    case "content_block_delta":
                        if event["delta"]["type"] == "text_delta":
                            pieces.append(event["delta"]["text"])
                    case "message_start":
                        prompt_tokens = event["message"]["usage"]["input_tokens"]
                    case "message_delta":
                        completion_tokens = event["usage"]["output_tokens"]
                    case "message_stop":
                        break
        return Answer("".join(pieces), prompt_tokens, completion_tokens)


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[ByHand]:
    """Open a session with the key and the API's version."""
    async with open_session({"x-api-key": "sk-benchmark", "anthropic-version": "2023-06-01"}) as session:
        yield ByHand(session, address)
