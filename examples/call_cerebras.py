"""Cerebras: how long each part of a call took, reasoning on and off, a picture, a typed answer."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms.providers.cerebras import create_cerebras_llm

CHART = next((Path(__file__).parent / "images").iterdir())


class Person(BaseModel):
    name: str
    age: int


async def main() -> None:
    async with create_cerebras_llm("gpt-oss-120b") as llm:
        response = await llm.get_answer("Count from 1 to 5.", reasoning_effort="low", max_tokens=1_000)
        times = response.raw["time_info"]
        print(f"{response.text} [{response.usage.reasoning_tokens} tokens of reasoning]")
        print(f"{times['queue_time']:.4f} s in the queue, {times['completion_time']:.4f} s of writing")
        answer = await llm.get_answer("Ada Lovelace is 36.", response_model=Person, max_tokens=1_000)
        print(f"{answer.parsed!r} [${answer.cost}]")

    async with create_cerebras_llm("qwen-3.8-27b") as llm:
        for effort in ("none", "high"):
            response = await llm.get_answer("What is 17 * 23?", reasoning_effort=effort, max_tokens=3_000)
            print(f"effort {effort}: {response.text.splitlines()[-1]} [{response.usage.reasoning_tokens} tokens]")
        print((await llm.generate_with_vision("What is in this image?", [CHART], max_tokens=1_000)).text)


if __name__ == "__main__":
    with environment("cerebras/gpt-oss-120b", usd="0.02"):
        asyncio.run(main())
