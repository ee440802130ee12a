"""Together AI: reasoning on and off, log probabilities, a typed answer, vectors, models with their prices."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms.providers.together import create_together_llm


class Person(BaseModel):
    name: str
    age: int


async def main() -> None:
    async with create_together_llm("deepseek-ai/DeepSeek-V4.1-Flash") as llm:
        for effort in ("none", "high"):
            response = await llm.get_answer("What is 17 * 23?", reasoning_effort=effort, max_tokens=2_000)
            thought = len(response.reasoning or "")
            print(f"effort {effort}: {response.text.splitlines()[-1]} [{thought} characters of reasoning]")

    async with create_together_llm("meta-llama/Llama-3.3-70B-Instruct-Turbo") as llm:
        sure = await llm.get_answer("Say: sure.", logprobs=True, top_logprobs=2, max_tokens=20)
        print(f"{len((sure.choices[0].logprobs or {})['content'])} tokens with their log probabilities")

        answer = await llm.get_answer("Ada Lovelace is 36.", response_model=Person, max_tokens=200)
        print(f"{answer.parsed!r} [${answer.cost}]")

        listed = {model.id: model.raw for model in await llm.list_models()}
        print(f"{len(listed)} models, this one for ${listed[llm.model]['pricing']['output']} a million tokens")

    async with create_together_llm("BAAI/bge-base-en-v1.5") as llm:
        vectors = (await llm.embed(["red apples", "blue cars"])).vectors
        print(f"{len(vectors)} vectors of {len(vectors[0])} numbers")


if __name__ == "__main__":
    with environment("together/meta-llama/Llama-3.3-70B-Instruct-Turbo"):
        asyncio.run(main())
