"""Fireworks AI: a short name of a model, reasoning that goes back, a picture, a cache of one's own, vectors."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import ToolMessage, UserMessage
from core.llms.providers.fireworks import create_fireworks_llm

CHART = next((Path(__file__).parent / "images").iterdir())


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_fireworks_llm("kimi-k3") as llm:
        print(llm.model)
        question = UserMessage("What is the weather in Oslo?")
        first = await llm.get_answer([question], tools=[get_weather], reasoning_effort="low", max_tokens=2_000)
        (call,) = first.tool_calls
        result = ToolMessage(get_weather(**call.arguments), call.id)
        second = await llm.get_answer([question, first.message, result], tools=[get_weather], max_tokens=2_000)
        print(f"{second.text} [${first.cost} and ${second.cost}]")

        seen = await llm.generate_with_vision(
            "What is in this image?", [CHART], reasoning_effort="none", max_tokens=200
        )
        print(seen.text)

        cache = {"prompt_cache_isolation_key": "customer-7"}
        response = await llm.get_answer("Say: cached.", reasoning_effort="none", max_tokens=50, provider_options=cache)
        print(response.text)

    async with create_fireworks_llm("qwen3-embedding-8b") as llm:
        vectors = (await llm.embed(["red apples", "blue cars"], dimensions=256)).vectors
        print(f"{len(vectors)} vectors of {len(vectors[0])} numbers")


if __name__ == "__main__":
    with environment("fireworks/kimi-k3", usd="0.10"):
        asyncio.run(main())
