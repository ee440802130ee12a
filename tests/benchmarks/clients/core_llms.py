"""This SDK, as its README shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.types.events import TextDelta
from tests.benchmarks.payloads import MAX_TOKENS, MODEL, Answer, make_messages


class CoreLLMs:
    """Calls of one LLM."""

    def __init__(self, llm: OpenAIBaseLLM) -> None:
        self._llm = llm

    async def call(self, kind: str) -> Answer:
        response = await self._llm.get_answer(make_messages(kind), max_tokens=MAX_TOKENS)
        return Answer(response.text, response.usage.input_tokens, response.usage.output_tokens)

    async def stream(self, kind: str) -> Answer:
        pieces: list[str] = []
        async with self._llm.stream_answer(make_messages(kind), max_tokens=MAX_TOKENS) as stream:
            async for event in stream:
                if isinstance(event, TextDelta):
                    pieces.append(event.text)
        usage = stream.response.usage
        return Answer("".join(pieces), usage.input_tokens, usage.output_tokens)


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[CoreLLMs]:
    """Open an LLM."""
    async with create_openai_llm(MODEL, api_key="sk-benchmark", base_url=f"{address}/v1", wire="chat") as llm:
        yield CoreLLMs(llm)
