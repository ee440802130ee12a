"""Two keys share a load: by weight while both have room, and the other one takes over while one is limited."""

import asyncio
import os
from collections import Counter

from core.llms import BaseLLM, LLMResponse, balance
from core.llms.providers.openai import create_openai_llm
from core.llms.simulator import Fault, Simulator

NAMES = ("big key", "small key")


async def ask(pool: BaseLLM, count: int) -> list[LLMResponse]:
    return await asyncio.gather(*(pool.get_answer(f"What is {number} * 7?") for number in range(count)))


def shares(responses: list[LLMResponse]) -> str:
    counted = Counter(response.attempts[-1].alias for response in responses)
    return ", ".join(f"{counted[name]} by the {name}" for name in NAMES)


async def main(vendor: Simulator) -> None:
    keys = [
        create_openai_llm("gpt-4.1-mini", api_key=f"secret-{number}").with_middleware(alias=name)
        for number, name in enumerate(NAMES)
    ]
    async with balance(*keys, weights=[3, 1]) as pool:
        print(f"both have room: {shares(await ask(pool, 40))}")

        vendor.script(Fault(status=429, retry_after="0.5"))
        (limited,) = await ask(pool, 1)
        tries = [f"{attempt.alias} {attempt.outcome}" for attempt in limited.attempts]
        print(f"one is limited: {', then '.join(tries)}")
        print(f"while it rests: {shares(await ask(pool, 10))}")

        await asyncio.sleep(0.6)
        print(f"rested again: {shares(await ask(pool, 40))}")


if __name__ == "__main__":
    # A real vendor would limit only under a real load: this one is a simulator.
    with Simulator.in_thread() as simulator:
        os.environ |= simulator.environment()
        asyncio.run(main(simulator))
