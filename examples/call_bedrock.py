"""Amazon Bedrock: Claude thinks, a document is cited, a prompt is cached, and Titan makes vectors."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import CachePoint, FilePart, ReasoningDelta, SystemMessage, TextDelta, TextPart, UserMessage
from core.llms.providers.bedrock import create_bedrock_llm

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
INVOICE = Path(__file__).parent / "files" / "invoice.pdf"
RULES = "You answer in one sentence. " * 900


async def think() -> None:
    async with create_bedrock_llm(CLAUDE) as llm:
        stream = llm.stream_answer("Is 391 a prime number?", reasoning_effort="low")
        async for event in stream:
            if isinstance(event, ReasoningDelta | TextDelta):
                print(event.text, end="")
    print(f"\n[{stream.response.usage.output_tokens} tokens, ${stream.response.cost}]")


async def cite() -> None:
    message = UserMessage([FilePart(path=INVOICE, citations=True), TextPart("What is the total?")])
    async with create_bedrock_llm(CLAUDE) as llm:
        response = await llm.get_answer([message], max_tokens=2_000)
    notes = [note for part in response.message.parts if isinstance(part, TextPart) for note in part.annotations]
    print(f"{response.text} [{len(notes)} citations]")


async def cache() -> None:
    system = SystemMessage([TextPart(RULES), CachePoint()])
    async with create_bedrock_llm(CLAUDE) as llm:
        for question in ("Say: first.", "Say: second."):
            usage = (await llm.get_answer([system, UserMessage(question)], max_tokens=500)).usage
            print(f"written to the cache: {usage.cache_write_tokens}, read from it: {usage.cache_read_tokens}")


async def embed() -> None:
    async with create_bedrock_llm("amazon.titan-embed-text-v2:0") as llm:
        response = await llm.embed(["a cat", "a kitten"], dimensions=256)
    print(
        f"{len(response.vectors)} vectors of {len(response.vectors[0])} numbers, {response.usage.input_tokens} tokens"
    )


async def main() -> None:
    await think()
    await cite()
    await cache()
    await embed()


if __name__ == "__main__":
    with environment(f"bedrock/{CLAUDE}", usd="0.05"):
        asyncio.run(main())
