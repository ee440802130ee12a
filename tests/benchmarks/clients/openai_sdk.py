"""OpenAI's own SDK, asynchronous, without retries, and patient where 1,000 connections are opened at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, cast

from openai import AsyncOpenAI

from tests.benchmarks.payloads import MAX_TOKENS, Answer, make_messages
from tests.benchmarks.vendors.openai import OPENAI

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam


class OpenAISDK:
    """Calls of one client."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    async def call(self, kind: str) -> Answer:
        answer = await self._client.chat.completions.create(
            model=OPENAI.model,
            messages=cast("list[ChatCompletionMessageParam]", make_messages(kind)),
            max_tokens=MAX_TOKENS,
        )
        assert answer.usage is not None
        return Answer(
            answer.choices[0].message.content or "", answer.usage.prompt_tokens, answer.usage.completion_tokens
        )

    async def stream(self, kind: str) -> Answer:
        stream = await self._client.chat.completions.create(
            model=OPENAI.model,
            messages=cast("list[ChatCompletionMessageParam]", make_messages(kind)),
            max_tokens=MAX_TOKENS,
            stream=True,
            stream_options={"include_usage": True},
        )
        pieces: list[str] = []
        usage = None
        async for chunk in stream:
            for choice in chunk.choices:
                if choice.delta.content:
                    pieces.append(choice.delta.content)
            usage = chunk.usage or usage
        assert usage is not None
        return Answer("".join(pieces), usage.prompt_tokens, usage.completion_tokens)


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[OpenAISDK]:
    """Open a client."""
    async with AsyncOpenAI(api_key="sk-benchmark", base_url=f"{address}/v1", max_retries=0, timeout=600) as client:
        yield OpenAISDK(client)
