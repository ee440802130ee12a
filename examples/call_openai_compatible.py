"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, LM Studio, a gateway. Without one, a simulator."""

import asyncio
import os

from core.llms import LLMError
from core.llms.providers.openai_compatible import create_openai_compatible_llm
from core.llms.simulator import Simulator


async def main(base_url: str, model: str) -> None:
    async with create_openai_compatible_llm(model, base_url=base_url) as llm:
        response = await llm.get_answer("Count from 1 to 5.", max_tokens=50)
        print(f"{response.text}  [{response.usage.total_tokens} tokens, cost: {response.cost_unknown_reason}]")

        async with llm.stream_answer("Say: streamed.", max_tokens=20) as stream:
            async for text in stream.text_deltas():
                print(text, end="", flush=True)
        print()

        # What a server lacks is left out after its refusal, and said so; a wish that decides on the answer is not.
        response = await llm.get_answer("Say: learned.", reasoning_effort="low", max_tokens=20)
        print(response.text, list(response.warnings))
        try:
            await llm.get_answer("Say: no.", provider_options={"no_such_parameter": True})
        except LLMError as error:
            print(f"{type(error).__name__}: {error.message}")


def run() -> None:
    address = os.environ.get("OPENAI_COMPATIBLE_BASE_URL")
    if address:
        print(f"The server at {address} answers.\n")
        asyncio.run(main(address, os.environ.get("OPENAI_COMPATIBLE_MODEL", "default")))
        return
    with Simulator.in_thread() as simulator:
        os.environ["OPENAI_COMPATIBLE_API_KEY"] = "any"
        print(f"A simulator at {simulator.url}, on this machine, answers: its words are made up.")
        print("For a server of your own set OPENAI_COMPATIBLE_BASE_URL, and OPENAI_COMPATIBLE_MODEL.\n")
        asyncio.run(main(simulator.openai_base_url, "gpt-4.1-mini"))


if __name__ == "__main__":
    run()
