"""A conversation with a reasoning model: each answer, its reasoning included, goes back in the next turn."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import AssistantMessage, ReasoningPart
from core.llms.providers.openai import create_openai_llm
from core.llms.types.message_dicts import MessageInput

QUESTIONS = ("My name is Ada. What is 17 * 23?", "What is my name?")


async def main() -> None:
    async with create_openai_llm("gpt-5.6-luna") as llm:
        messages: list[MessageInput] = [{"role": "system", "content": "Answer in one sentence."}]
        for question in QUESTIONS:
            messages.append({"role": "user", "content": question})
            response = await llm.get_answer(
                messages, reasoning_effort="low", reasoning_summary="auto", store=False, max_tokens=1000
            )
            messages.append(response.message)
            print(f"{question}\n  {response.text}\n  {response.usage.reasoning_tokens} tokens of reasoning")

        kept = [part for message in messages if isinstance(message, AssistantMessage) for part in message.parts]
        signed = [part for part in kept if isinstance(part, ReasoningPart) and part.signature]
        print(f"\n{len(signed)} blocks of encrypted reasoning went back with the conversation.")


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini", usd="0.05"):
        asyncio.run(main())
