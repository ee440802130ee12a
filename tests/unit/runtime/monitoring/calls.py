"""Calls of every ending, through a real LLM and a real socket, for what observes them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tenacity import wait_none

from core.llms import Middleware, RetryPolicy
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, RawServer, raw_server

COST = "0.000012"  # 10 tokens in at $0.40 a million, 5 out at $1.60
KEY = "sk-canary-abcdefghijklmnop"
OTHER_KEY = "sk-canary-of-somebody-else"  # which the SDK does not know


async def serve(exchange: Exchange) -> None:
    """Answer as the prompt asks: `fail`, `fail once`, `hang`, `cut`, or anything else well."""
    body = json.loads(exchange.body)
    prompt = body.get("input") or body["messages"][-1]["content"]
    if prompt == "fail" or (prompt == "fail once" and exchange.number == 1):
        error = {"error": {"message": f"no, {KEY} nor {OTHER_KEY}", "type": "t", "param": None, "code": "down"}}
        await exchange.answer(json.dumps(error).encode(), "500 X", "application/json", "x-request-id: req_7")
    elif prompt == "hang":
        await asyncio.Event().wait()
    elif "input" in body:
        vectors = {"data": [{"index": 0, "embedding": [1.0]}], "model": "e", "usage": {"prompt_tokens": 8}}
        await exchange.answer(json.dumps(vectors).encode())
    elif body.get("stream"):
        await exchange.begin_stream()
        events = stream("Hel", "lo")
        await exchange.send(*(events[:2] if prompt == "cut" else events))
        exchange.writer.close()
    else:
        await exchange.answer(completion())


@asynccontextmanager
async def observed(
    *middleware: Middleware, model: str = "gpt-4.1-mini", alias: str | None = None
) -> AsyncIterator[tuple[OpenAIBaseLLM, RawServer]]:
    """An LLM whose calls are observed."""
    retry = RetryPolicy(wait=wait_none())
    async with (
        raw_server(serve) as server,
        create_openai_llm(model, api_key=KEY, base_url=server.url, retry=retry) as bare,
        bare.with_middleware(*middleware, alias=alias) as llm,
    ):
        yield llm, server
