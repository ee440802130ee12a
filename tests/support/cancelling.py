"""Streams with pauses, and a reader that stops somewhere in them."""

from __future__ import annotations

import asyncio
import random

from core.llms import LLMContext
from core.llms.providers.openai import OpenAIBaseLLM
from tests.support.chat_bytes import stream
from tests.support.raw_server import Exchange


async def paced(exchange: Exchange) -> None:
    """A stream whose headers and events come with pauses, so that a cancellation meets every state of it."""
    rounds = random.Random(exchange.number)
    await asyncio.sleep(rounds.choice([0, 0, 0.002]))
    await exchange.begin_stream()
    for event in stream("one", " two", " three", " four"):
        await asyncio.sleep(rounds.choice([0, 0, 0.001]))
        await exchange.send(event)
    exchange.writer.close()


async def cancel_somewhere(llm: OpenAIBaseLLM, ctx: LLMContext, seed: int) -> str:
    """Stream, and stop: during connect, before the headers, between events, at an event, or not at all."""
    rounds = random.Random(seed)
    leave_after = rounds.randrange(1, 12)

    async def consume() -> str:
        async with llm.stream_answer("Hi", ctx, max_tokens=10) as answer:
            count = 0
            async for _ in answer:
                count += 1
                if count == leave_after:
                    if rounds.random() < 0.5:
                        return "left"
                    task.cancel()
                    await asyncio.sleep(0)
        return "whole"

    task = asyncio.ensure_future(consume())
    await asyncio.sleep(0)
    if rounds.random() < 0.6:
        for _ in range(rounds.randrange(12)):
            await asyncio.sleep(0)
        await asyncio.sleep(rounds.choice([0, 0, 0.001, 0.003]))
        task.cancel()
    (result,) = await asyncio.gather(task, return_exceptions=True)
    return result if isinstance(result, str) else type(result).__name__
