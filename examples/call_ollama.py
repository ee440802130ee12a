"""Ollama on a machine of your own: thoughts, a tool, a typed answer, a picture, a prompt that is cut, vectors.

For your own server set OLLAMA_HOST and pull qwen3:4b, gemma3:4b and nomic-embed-text.
"""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms import NotFoundError
from core.llms.providers.ollama import create_ollama_llm

PICTURE = Path(__file__).parent / "images" / "shapes.png"


class Person(BaseModel):
    name: str
    age: int


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_ollama_llm("qwen3:4b", num_ctx=8_192) as llm:
        print(", ".join(model.id for model in await llm.list_models()))
        stream = llm.stream_answer("What is 17 * 23?", reasoning_effort="medium", max_tokens=2_000)
        async for text in stream.text_deltas():
            print(text, end="")
        thoughts, usage = stream.response.reasoning or "", stream.response.usage
        print(f"\n  after {len(thoughts)} characters of thoughts, {usage.output_tokens} tokens in all")
        print(f"  cost: {stream.response.cost_unknown_reason}")

        run = await llm.run_tools("What is the weather in Oslo?", tools=[get_weather], reasoning_effort="none")
        print(run.text)
        person = await llm.get_answer("Ada is 36 years old.", response_model=Person, reasoning_effort="none")
        print(repr(person.parsed))
    async with create_ollama_llm("gemma3:4b", keep_alive="10m") as llm:
        response = await llm.generate_with_vision("What is in this picture?", images=PICTURE, max_tokens=200)
        print(response.text)
        long = await llm.get_answer("word " * 200, max_tokens=20, provider_options={"options": {"num_ctx": 64}})
        print(f"  {long.usage.input_tokens} tokens were read: {long.warnings[0]}")
    async with create_ollama_llm("nomic-embed-text") as llm:
        vectors = (await llm.embed(["A first text.", "A second one."])).vectors
    print(f"{len(vectors)} vectors of {len(vectors[0])} numbers")
    async with create_ollama_llm("no-such-model") as llm:
        try:
            await llm.get_answer("Hello!")
        except NotFoundError as error:
            print(error.message)


if __name__ == "__main__":
    with environment("ollama/qwen3:4b", usd="0"):
        asyncio.run(main())
