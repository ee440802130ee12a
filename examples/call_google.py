"""Gemini: thoughts that go back, a tool beside a typed answer, a picture, and the vendor's own count of tokens."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms import ContentFilterError, UserMessage
from core.llms.providers.google import create_google_llm

PICTURE = Path(__file__).parent / "images" / "shapes.png"


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_google_llm("gemini-3.8-flash") as llm:
        question = UserMessage("What is 17 * 23?")
        response = await llm.get_answer([question], max_tokens=2000, reasoning_effort="low", reasoning_summary="auto")
        print(f"{response.text}\n  {response.usage.reasoning_tokens} tokens of thoughts, ${response.cost}")
        response = await llm.get_answer([question, response.message, UserMessage("Say: and back.")], max_tokens=2000)
        print(response.text)

        run = await llm.run_tools("What is the weather in Oslo?", tools=[get_weather], max_tokens=2000)
        print(f"{run.response.text}\n  {run.rounds} rounds")
        person = (await llm.get_answer("Ada Lovelace is 36 years old.", response_model=Person)).parsed
        print(repr(person))

        response = await llm.generate_with_vision("What is in this picture?", images=PICTURE, max_tokens=2000)
        print(response.text)
        counted = await llm.count_tokens("How long is this?", exact=True)
        print(f"  the vendor counted {counted.tokens} tokens, at {llm.connector.base_url}")

    async with create_google_llm("gemini-3.5-flash-lite") as llm:
        async with llm.stream_answer("Count from 1 to 5.", max_tokens=2000) as stream:
            async for text in stream.text_deltas():
                print(text, end="", flush=True)
        print(f"\n  {stream.response.usage.output_tokens} tokens, {stream.response.finish_reason}")
        try:
            await llm.get_answer("[[content_filter]]", max_tokens=100)  # the simulator blocks this prompt
        except ContentFilterError as error:
            print(f"blocked: {error.code}")


if __name__ == "__main__":
    with environment("google/gemini-3.8-flash", usd="0.02"):
        asyncio.run(main())
