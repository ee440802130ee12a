"""OpenRouter: what a call cost and who answered, a route of one's own, reasoning in its details, vectors."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import UserMessage
from core.llms.providers.openrouter import create_openrouter_llm


async def main() -> None:
    async with create_openrouter_llm("anthropic/claude-sonnet-5.5", title="An example") as llm:
        route = {
            "provider": {"order": ["Amazon Bedrock", "Anthropic"], "data_collection": "deny"},
            "models": ["openai/gpt-6-sol"],
        }
        response = await llm.get_answer("Say: routed.", max_tokens=50, provider_options=route)
        print(f"{response.text} [{response.raw['provider']} answered for ${response.cost}]")

        question = UserMessage("What is 17 * 23?")
        first = await llm.get_answer([question], reasoning_effort="low", max_tokens=2_000)
        details = first.raw["choices"][0]["message"]["reasoning_details"]
        second = await llm.get_answer([question, first.message, UserMessage("Say: thanks.")], max_tokens=100)
        print(f"{second.text} [{len(details)} block of reasoning went back]")

        stream = llm.stream_answer("Count from 1 to 5.", max_tokens=100)
        async for text in stream.text_deltas():
            print(text, end="", flush=True)
        print(f" [${stream.response.cost}]")

    async with create_openrouter_llm("openai/gpt-6-sol", wire="responses") as llm:
        response = await llm.get_answer("Say: over the other wire.", reasoning_effort="low", max_tokens=1_000)
        print(f"{response.text} [{llm.wire.name}, ${response.cost}]")


if __name__ == "__main__":
    with environment("openrouter/anthropic/claude-sonnet-5.5", usd="0.05"):
        asyncio.run(main())
