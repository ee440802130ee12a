"""Hugging Face: which inference provider is to answer, who offers a model, a price for the one that was chosen."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import LLMError, Prices
from core.llms.providers.huggingface import create_huggingface_llm

MODEL = "openai/gpt-oss-120b"


async def main() -> None:
    async with create_huggingface_llm(MODEL) as llm:
        listed = {model.id: model.raw for model in await llm.list_models()}
        names = [offer["provider"] for offer in listed[MODEL]["providers"]]
        print(f"{MODEL} is at {', '.join(names)}")
        response = await llm.get_answer("Say: the router chose.", reasoning_effort="low", max_tokens=500)
        print(f"{response.text} [cost: {response.cost_unknown_reason}]")

    # What one of them charges, in USD for a million tokens.
    prices = Prices.of("0.35", "0.75")
    async with create_huggingface_llm(f"{MODEL}:{names[0]}", prices=prices) as llm:
        stream = llm.stream_answer("Count from 1 to 5.", reasoning_effort="low", max_tokens=500)
        async for text in stream.text_deltas():
            print(text, end="", flush=True)
        print(f" [{llm.model}, ${stream.response.cost}]")

    async with create_huggingface_llm(f"{MODEL}:nobody") as llm:
        try:
            await llm.get_answer("Hello!", max_tokens=10)
        except LLMError as error:
            print(f"{type(error).__name__}: {error.message}")


if __name__ == "__main__":
    with environment(f"huggingface/{MODEL}"):
        asyncio.run(main())
