"""IBM watsonx.ai: reasoning that is shown, a tool, calls at once over one exchange of the key, texts as vectors."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import ReasoningDelta, TextDelta
from core.llms.providers.watsonx import create_watsonx_llm


def get_weather(city: str) -> str:
    """Say what the weather in a city is now."""
    return f"{city}: 18 °C, light rain"


async def think() -> None:
    async with create_watsonx_llm("openai/gpt-oss-120b") as llm:
        stream = llm.stream_answer("Is 391 a prime number?", reasoning_effort="high", max_tokens=2_000)
        async for event in stream:
            if isinstance(event, ReasoningDelta | TextDelta):
                print(event.text, end="")
    print(f"\n[{len(stream.response.reasoning or '')} characters of reasoning]")


async def call_a_tool() -> None:
    async with create_watsonx_llm("granite-4-h-small") as llm:
        print((await llm.run_tools("What is the weather in Oslo?", tools=[get_weather], max_tokens=200)).text)


async def ask_at_once() -> None:
    async with create_watsonx_llm("granite-4-h-small") as llm:
        answers = await asyncio.gather(*(llm.get_answer(f"Say: {word}.", max_tokens=20) for word in ("one", "two")))
        print(" ".join(answer.text for answer in answers), f"[${sum(answer.cost or 0 for answer in answers)}]")
        print(f"The vendor counts {(await llm.count_tokens('Hello there!', exact=True)).tokens} tokens.")


async def embed() -> None:
    async with create_watsonx_llm("granite-embedding-278m-multilingual") as llm:
        vectors = (await llm.embed(["A first text.", "A second one."])).vectors
    print(f"{len(vectors)} vectors of {len(vectors[0])} numbers")


async def main() -> None:
    await think()
    await call_a_tool()
    await ask_at_once()
    await embed()


if __name__ == "__main__":
    with environment("watsonx/openai/gpt-oss-120b"):
        asyncio.run(main())
