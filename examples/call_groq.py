"""Groq: reasoning apart from the answer, in the text, or not at all; how fast it was; a tool."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.providers.groq import create_groq_llm

QUESTION = "What is 17 * 23?"


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_groq_llm("qwen/qwen3.8-27b") as llm:
        for form in ("parsed", "raw", "hidden"):
            response = await llm.get_answer(
                QUESTION, reasoning_effort="low", max_tokens=2_000, provider_options={"reasoning_format": form}
            )
            beginning = response.text.splitlines()[0]
            print(f"{form}: {beginning!r}, and apart from it {len(response.reasoning or '')} characters of reasoning")

    async with create_groq_llm("openai/gpt-oss-120b") as llm:
        stream = llm.stream_answer("Count from 1 to 5.", reasoning_effort="low", max_tokens=1_000)
        async for text in stream.text_deltas():
            print(text, end="", flush=True)
        usage = stream.response.usage
        speed = usage.output_tokens / (usage.raw or {})["completion_time"]
        print(f"\n{usage.reasoning_tokens} of {usage.output_tokens} tokens of reasoning, {speed:.0f} tokens a second")

        run = await llm.run_tools("What is the weather in Oslo?", tools=[get_weather], max_tokens=1_000)
        print(f"{run.response.text}\n  {run.rounds} rounds, ${run.cost}")


if __name__ == "__main__":
    with environment("groq/openai/gpt-oss-120b", usd="0.05"):
        asyncio.run(main())
