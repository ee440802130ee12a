"""Embeddings: which of some texts is nearest to a question."""

import asyncio
from operator import mul

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms.providers.openai import create_openai_llm

TEXTS = (
    "The weather in Paris is mild in spring.",
    "A budget holds the cost of all calls together.",
    "The train from Paris to Lyon takes two hours.",
)
QUESTION = "How long does the train to Lyon take?"


async def main() -> None:
    async with create_openai_llm("text-embedding-3-small") as llm:
        response = await llm.embed([QUESTION, *TEXTS], dimensions=256)
        question, *vectors = response.vectors
        ranked = sorted(zip((sum(map(mul, question, vector)) for vector in vectors), TEXTS, strict=True), reverse=True)
        for nearness, text in ranked:
            print(f"{nearness:.3f}  {text}")
        print(f"{response.usage.input_tokens} tokens, {len(question)} dimensions")


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini"):
        asyncio.run(main())
