"""Tokens before a call: counted here, offline, and by the vendor's own endpoint."""

import asyncio
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import ImagePart, TextPart, UserMessage
from core.llms.providers.openai import create_openai_llm

SHAPES = Path(__file__).parent / "images" / "shapes.png"


def get_weather(city: str) -> str:
    """Say what the weather in a city is now."""
    return f"{city}: 18 degrees"


async def main() -> None:
    async with create_openai_llm("gpt-4.1-mini") as llm:
        text = "How many tokens are in this sentence?"
        count = await llm.count_tokens(text)
        print(f"text: {count.tokens} tokens, exact: {count.exact}")
        response = await llm.get_answer(text, max_tokens=50)
        print(f"  the vendor counted {response.usage.input_tokens}")

        image = UserMessage([TextPart("What is in this image?"), ImagePart(path=SHAPES)])
        count = await llm.count_tokens([image])
        print(f"image: {count.tokens} tokens, {count.image_tokens} of them for the image")

        count = await llm.count_tokens("What is the weather in Oslo?", tools=[get_weather])
        print(f"tools: {count.tokens} tokens, exact: {count.exact}\n  {count.note}")

        count = await llm.count_tokens("What is the weather in Oslo?", tools=[get_weather], exact=True)
        print(f"  asked of the vendor: {count.tokens} tokens, exact: {count.exact}")


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini"):
        asyncio.run(main())
