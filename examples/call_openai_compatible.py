"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, LM Studio, a gateway. Without one, a simulator."""

import asyncio
import os

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel

from core.llms import LLMError
from core.llms.providers.openai_compatible import create_openai_compatible_llm


class Person(BaseModel):
    name: str
    age: int


async def main(model: str) -> None:
    async with create_openai_compatible_llm(model) as llm:
        response = await llm.get_answer("Count from 1 to 5.", max_tokens=50)
        print(f"{response.text}  [{response.usage.total_tokens} tokens, cost: {response.cost_unknown_reason}]")

        async with llm.stream_answer("Say: streamed.", max_tokens=20) as stream:
            async for text in stream.text_deltas():
                print(text, end="", flush=True)
        print()

        # What a server lacks is left out after its refusal, and said so; a wish that decides on the answer is not.
        response = await llm.get_answer("Say: learned.", reasoning_effort="low", max_tokens=20)
        print(response.text, list(response.warnings))
        answer = await llm.get_answer("Ada Lovelace is 36.", response_model=Person, max_tokens=200)
        print(repr(answer.parsed), list(answer.warnings))
        try:
            await llm.get_answer("Say: no.", provider_options={"no_such_parameter": True})
        except LLMError as error:
            print(f"{type(error).__name__}: {error.message}")


if __name__ == "__main__":
    with environment("openai_compatible/default"):
        asyncio.run(main(os.environ.get("OPENAI_COMPATIBLE_MODEL", "default")))
