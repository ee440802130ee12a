"""OpenAI: both wires, reasoning that goes back in the next turn, a service tier, the vendor's count of tokens."""

import asyncio
from typing import Any

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.providers.openai import create_openai_llm

MODEL = "gpt-6-luna"


async def choose_wires() -> None:
    for wire in ("responses", "chat"):
        async with create_openai_llm(MODEL, wire=wire) as llm:
            response = await llm.get_answer(f"Say: {wire}.", reasoning_effort="none", max_tokens=50)
        print(f"{response.text} [{llm.wire.name}, ${response.cost}]")


async def reason() -> None:
    async with create_openai_llm(MODEL) as llm:
        messages: list[Any] = [{"role": "user", "content": "What is 17 * 23?"}]
        first = await llm.get_answer(messages, reasoning_effort="high", max_tokens=2_000)
        print(f"{first.text} [{first.usage.reasoning_tokens} tokens of reasoning]")
        messages += [first.message, {"role": "user", "content": "Say: and back."}]
        print((await llm.get_answer(messages, reasoning_effort="low", max_tokens=2_000)).text)


async def serve() -> None:
    async with create_openai_llm(MODEL, defaults={"service_tier": "flex"}) as llm:
        response = await llm.get_answer("Say: half the price.", reasoning_effort="none", max_tokens=50)
        print(f"{response.text} [tier {response.usage.service_tier}, ${response.cost}]")
        count = await llm.count_tokens("Hello, world!", exact=True)
        print(f"the vendor counts {count.tokens} tokens, exact: {count.exact}")


async def main() -> None:
    await choose_wires()
    await reason()
    await serve()


if __name__ == "__main__":
    with environment(f"openai/{MODEL}", usd="0.02"):
        asyncio.run(main())
