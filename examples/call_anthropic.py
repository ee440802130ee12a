"""Anthropic: thinking that is shown, a document that is cited, a cached prompt, and the older API version."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import CachePoint, FilePart, ReasoningDelta, SystemMessage, TextDelta, TextPart, UserMessage
from core.llms.providers.anthropic import create_anthropic_llm

INVOICE = Path(__file__).parent / "files" / "invoice.pdf"
RULES = "You answer in one sentence. " * 200


async def think() -> None:
    async with create_anthropic_llm("claude-haiku-5-5") as llm:
        stream = llm.stream_answer("Is 391 a prime number?", reasoning_effort="high", reasoning_summary="auto")
        async for event in stream:
            if isinstance(event, ReasoningDelta | TextDelta):
                print(event.text, end="")
    print(f"\n[{stream.response.usage.reasoning_tokens} of {stream.response.usage.output_tokens} tokens of thinking]")


async def cite() -> None:
    message = UserMessage([FilePart(path=INVOICE, citations=True), TextPart("What is the total?")])
    async with create_anthropic_llm("claude-haiku-5-5") as llm:
        response = await llm.get_answer([message], max_tokens=2_000)
    notes = [note for part in response.message.parts if isinstance(part, TextPart) for note in part.annotations]
    print(f"{response.text} [{len(notes)} citations]")


async def cache() -> None:
    system = SystemMessage([TextPart(RULES), CachePoint("1h")])
    async with create_anthropic_llm("claude-haiku-5-5") as llm:
        for question in ("Say: first.", "Say: second."):
            usage = (await llm.get_answer([system, UserMessage(question)], max_tokens=500)).usage
            print(f"written to the cache: {usage.cache_write_1h_tokens}, read from it: {usage.cache_read_tokens}")


async def sample() -> None:
    async with create_anthropic_llm("claude-sonnet-4-6", api_version="2023-06-01") as llm:
        response = await llm.get_answer("Say: warm.", temperature=0.9, max_tokens=20)
    print(f"{response.text} [temperature 0.9, API version 2023-06-01]")


async def main() -> None:
    await think()
    await cite()
    await cache()
    await sample()


if __name__ == "__main__":
    with environment("anthropic/claude-haiku-5-5", usd="0.02"):
        asyncio.run(main())
