"""Cohere: a document that is cited, thinking and a plan before a tool, a typed answer, vectors, the vendor's count."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms import FilePart, ReasoningDelta, TextDelta, TextPart, UserMessage
from core.llms.providers.cohere import create_cohere_llm

FACTS = FilePart(data=b"Our deadline is the third of May.", filename="facts.txt", media_type="text/plain")


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_cohere_llm("command-a-plus-05-2026") as llm:
        async for event in llm.stream_answer("What is 17 * 23?", reasoning_effort="low", max_tokens=3_000):
            if isinstance(event, ReasoningDelta | TextDelta):
                print(event.text, end="")
        print()

        question = UserMessage([FACTS, TextPart("What is our deadline?")])
        response = await llm.get_answer([question], max_tokens=3_000)
        notes = [note for part in response.message.parts if isinstance(part, TextPart) for note in part.annotations]
        print(response.text.splitlines()[0])
        for note in notes:
            print(f"  {note['text']!r} is from {note['sources'][0]['document']['title']}")

        person = (await llm.get_answer("Ada Lovelace is 36.", response_model=Person, max_tokens=1_000)).parsed
        counted = await llm.count_tokens("How long is this?", exact=True)
        print(f"{person!r}\n  the vendor counted {counted.tokens} tokens, at {llm.connector.base_url}")

    async with create_cohere_llm("command-a-03-2025") as llm:
        run = await llm.run_tools("What is the weather in Oslo?", tools=[get_weather], max_tokens=500)
        print(f"{run.response.text}\n  {run.rounds} rounds, ${run.cost}")

    async with create_cohere_llm("embed-v4.0") as llm:
        vectors = (await llm.embed(["red apples", "blue cars"], dimensions=256, input_type="document")).vectors
        print(f"{len(vectors)} vectors of {len(vectors[0])} numbers")


if __name__ == "__main__":
    with environment("cohere/command-a-plus-05-2026", usd="0.10"):
        asyncio.run(main())
