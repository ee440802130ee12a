"""Anthropic's own SDK, asynchronous, without retries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anthropic import AsyncAnthropic

from tests.benchmarks.payloads import MAX_TOKENS, SYSTEM, Answer, make_question
from tests.benchmarks.vendors.anthropic import ANTHROPIC


class AnthropicSDK:
    """Calls of one client."""

    def __init__(self, client: AsyncAnthropic) -> None:
        self._client = client

    async def call(self, kind: str) -> Answer:
        message = await self._client.messages.create(
            model=ANTHROPIC.model,
            system=SYSTEM,
            messages=[{"role": "user", "content": make_question(kind)}],
            max_tokens=MAX_TOKENS,
        )
        text = "".join(block.text for block in message.content if block.type == "text")
        return Answer(text, message.usage.input_tokens, message.usage.output_tokens)

    async def stream(self, kind: str) -> Answer:
        events = await self._client.messages.create(
            model=ANTHROPIC.model,
            system=SYSTEM,
            messages=[{"role": "user", "content": make_question(kind)}],
            max_tokens=MAX_TOKENS,
            stream=True,
        )
        pieces: list[str] = []
        prompt_tokens = completion_tokens = 0
        async for event in events:
            if event.type == "content_block_delta" and event.delta.type == "text_delta":
                pieces.append(event.delta.text)
            elif event.type == "message_start":
                prompt_tokens = event.message.usage.input_tokens
            elif event.type == "message_delta":
                completion_tokens = event.usage.output_tokens
        return Answer("".join(pieces), prompt_tokens, completion_tokens)


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[AnthropicSDK]:
    """Open a client."""
    async with AsyncAnthropic(api_key="sk-benchmark", base_url=address, max_retries=0, timeout=600) as client:
        yield AnthropicSDK(client)
