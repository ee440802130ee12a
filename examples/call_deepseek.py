"""DeepSeek: thinking on and off, what a call costs at which hour, a tool between thoughts, the Responses wire."""

import asyncio
from datetime import UTC, datetime

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.providers.deepseek import create_deepseek_llm

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_deepseek_llm("deepseek-flash") as llm:
        for effort in ("none", "low"):
            response = await llm.get_answer("What is 17 * 23?", reasoning_effort=effort, max_tokens=2_000)
            thought = response.usage.reasoning_tokens
            print(f"effort {effort}: {response.text.splitlines()[-1]} [{thought} tokens of thinking, ${response.cost}]")

        if prices := llm.metadata.PRICES:
            for hour in (0, 2, 5, 8, 12):
                print(f"{hour:02}:00 UTC: ${prices.at(MONDAY.replace(hour=hour)).output} a million tokens")

        run = await llm.run_tools("What is the weather in Oslo?", tools=[get_weather], max_tokens=2_000)
        print(f"{run.response.text}\n  {run.rounds} rounds, ${run.cost}")

    async with create_deepseek_llm("deepseek-flash", wire="responses") as llm:
        response = await llm.get_answer("Say: over the other wire.", max_tokens=1_000)
        print(f"{response.text} [{llm.wire.name}]")


if __name__ == "__main__":
    with environment("deepseek/deepseek-flash"):
        asyncio.run(main())
