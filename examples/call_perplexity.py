"""Perplexity: an answer with its sources and the fee for them, a typed answer, a tool, vectors of signed bytes."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms import ServerTool, TextPart
from core.llms.providers.perplexity import create_perplexity_llm

SEARCH = ServerTool({"type": "web_search", "search_context_size": "low"})


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_perplexity_llm("perplexity/sonar") as llm:
        response = await llm.get_answer("Who won?", tools=[SEARCH], max_tokens=500)
        notes = [note for part in response.message.parts if isinstance(part, TextPart) for note in part.annotations]
        print(f"{response.text}\n  {len(notes)} source, ${response.cost}, as Perplexity reports it")

        stream = llm.stream_answer("Count from 1 to 5.", max_tokens=100)
        async for text in stream.text_deltas():
            print(text, end="", flush=True)
        print(f" [{llm.wire.name}]")

        print(repr((await llm.get_answer("Ada Lovelace is 36.", response_model=Person, max_tokens=200)).parsed))
        run = await llm.run_tools("What is the weather in Oslo?", tools=[get_weather], max_tokens=500)
        print(f"{run.response.text}\n  {run.rounds} rounds, ${run.cost}")

    async with create_perplexity_llm("pplx-embed-v1-0.6b") as llm:
        (vector,) = (await llm.embed("red apples")).vectors
        print(f"{len(vector)} numbers from {min(vector):.0f} to {max(vector):.0f}")


if __name__ == "__main__":
    with environment("perplexity/perplexity/sonar", usd="0.05"):
        asyncio.run(main())
