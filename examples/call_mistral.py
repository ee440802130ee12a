"""Mistral: thinking that goes back as it came, a picture, a typed answer, short vectors."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms import ReasoningDelta, TextDelta, UserMessage
from core.llms.providers.mistral import create_mistral_llm

CHART = next((Path(__file__).parent / "images").iterdir())


class Person(BaseModel):
    name: str
    age: int


async def think() -> None:
    question = UserMessage("What is 17 * 23?")
    async with create_mistral_llm("mistral-small-latest") as llm:
        stream = llm.stream_answer([question], reasoning_effort="high", max_tokens=3_000)
        async for event in stream:
            if isinstance(event, ReasoningDelta | TextDelta):
                print(event.text, end="", flush=True)
        answer = await llm.get_answer([question, stream.response.message, UserMessage("Say: thanks.")], max_tokens=100)
        print(f"\n{answer.text}")


async def main() -> None:
    await think()
    async with create_mistral_llm("mistral-medium-latest") as llm:
        seen = await llm.generate_with_vision("What is in this image?", [CHART], max_tokens=200)
        print(f"{seen.text} [${seen.cost}]")

        options = {"random_seed": 7, "safe_prompt": True}
        answer = await llm.get_answer("Ada Lovelace is 36.", response_model=Person, provider_options=options)
        print(repr(answer.parsed))

    async with create_mistral_llm("codestral-embed") as llm:
        vectors = (await llm.embed(["def add(a, b):", "class Point:"], dimensions=256)).vectors
        print(f"{len(vectors)} vectors of {len(vectors[0])} numbers")


if __name__ == "__main__":
    with environment("mistral/mistral-small-latest", usd="0.05"):
        asyncio.run(main())
