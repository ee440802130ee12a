"""This SDK, as its README shows it, in the same words for every vendor."""

from __future__ import annotations

from core.llms.providers.base.implementation import BaseLLM
from core.llms.types.events import TextDelta
from tests.benchmarks.payloads import MAX_TOKENS, Answer, make_messages


class CoreLLMs:
    """Calls of one LLM."""

    def __init__(self, llm: BaseLLM) -> None:
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
