"""litellm's `acompletion`, without retries, with the price list that it ships instead of the one it downloads."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# Read by litellm at its import: no download, and no cap of 500 connections a host below the 1,000 streams asked for.
os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "AIOHTTP_CONNECTOR_LIMIT_PER_HOST": "0"}

import litellm

from tests.benchmarks.payloads import MAX_TOKENS, Answer, make_messages
from tests.benchmarks.vendors.openai import OPENAI


class LiteLLM:
    """Calls by litellm's module-level function, which keeps its clients itself."""

    def __init__(self, address: str) -> None:
        self._address = f"{address}/v1"

    async def call(self, kind: str) -> Answer:
        answer = await litellm.acompletion(
            model=f"openai/{OPENAI.model}",
            messages=make_messages(kind),
            api_key="sk-benchmark",
            api_base=self._address,
            max_tokens=MAX_TOKENS,
            num_retries=0,
            max_retries=0,
            timeout=600,
        )
        usage = answer.usage
        return Answer(answer.choices[0].message.content, usage.prompt_tokens, usage.completion_tokens)

    async def stream(self, kind: str) -> Answer:
        stream = await litellm.acompletion(
            model=f"openai/{OPENAI.model}",
            messages=make_messages(kind),
            api_key="sk-benchmark",
            api_base=self._address,
            max_tokens=MAX_TOKENS,
            num_retries=0,
            max_retries=0,
            timeout=600,
            stream=True,
            stream_options={"include_usage": True},
        )
        pieces: list[str] = []
        usage = None
        async for chunk in stream:
            for choice in chunk.choices:
                if choice.delta.content:
                    pieces.append(choice.delta.content)
            usage = getattr(chunk, "usage", None) or usage
        assert usage is not None
        return Answer("".join(pieces), usage.prompt_tokens, usage.completion_tokens)


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[LiteLLM]:
    """Open a client. litellm has nothing to close."""
    litellm.suppress_debug_info = True
    logging.getLogger("LiteLLM").setLevel(logging.ERROR)
    yield LiteLLM(address)
