"""NVIDIA: a Nemotron that thinks and one that does not, a tool, vectors that say what they are for."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import ReasoningDelta, TextDelta
from core.llms.providers.nvidia import create_nvidia_llm


def get_weather(city: str) -> str:
    """Look the weather of a city up."""
    return f"18 degrees and light rain in {city}"


async def main() -> None:
    async with create_nvidia_llm("nvidia/nemotron-3-super-120b-a12b") as llm:
        for effort in ("none", "high"):
            print(f"effort {effort}: ", end="")
            stream = llm.stream_answer("What is 17 * 23?", reasoning_effort=effort, max_tokens=3_000)
            async for event in stream:
                if isinstance(event, ReasoningDelta | TextDelta):
                    print(event.text, end="", flush=True)
            print(f" [{stream.response.usage.output_tokens} tokens, cost: {stream.response.cost_unknown_reason}]")

        question = "What is the weather in Oslo?"
        run = await llm.run_tools(question, tools=[get_weather], reasoning_effort="none", max_tokens=500)
        print(f"{run.response.text} [{run.rounds} rounds]")

    async with create_nvidia_llm("nvidia/nv-embed-v1") as llm:
        for purpose in ("query", "passage"):
            (vector,) = (await llm.embed("red apples", input_type=purpose)).vectors
            print(f"{purpose}: {len(vector)} numbers")


if __name__ == "__main__":
    with environment("nvidia/nvidia/nemotron-3-super-120b-a12b"):
        asyncio.run(main())
