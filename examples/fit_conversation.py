"""A long conversation made to fit, and what a call will cost before it is made."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import AssistantMessage, Message, SystemMessage, UserMessage, fit_messages, fit_messages_async
from core.llms.providers.openai import create_openai_llm

LIMIT = 250


def make_conversation() -> list[Message]:
    messages: list[Message] = [SystemMessage("You are a guide. Answer in one sentence.")]
    for city in ("Oslo", "Lima", "Cairo", "Hanoi", "Quito", "Perth"):
        messages.append(UserMessage(f"What should I see in {city}, if I have a day, no car, and it rains?"))
        messages.append(AssistantMessage(f"In {city}, see the old town, a museum, and the harbour by tram."))
    return [*messages, UserMessage("Which of these cities has a harbour?")]


async def main() -> None:
    messages = make_conversation()
    async with create_openai_llm("gpt-4.1-mini") as llm:
        for strategy in ("drop_oldest", "drop_middle"):
            fitted = fit_messages(messages, LIMIT, strategy=strategy)
            print(f"{strategy}: {fitted.tokens_before} -> {fitted.tokens_after} tokens, {fitted.dropped_count} dropped")

        async def summarise(dropped: tuple[Message, ...]) -> str:
            question = UserMessage("Summarise what was said so far in 20 words.")
            return (await llm.get_answer([*dropped, question], max_tokens=25)).text

        fitted = await fit_messages_async(messages, LIMIT, strategy=summarise)
        print(f"summary: {fitted.tokens_before} -> {fitted.tokens_after} tokens\n  {fitted.messages[1].text[:60]!r}")

        estimate = await llm.estimate_cost(fitted.messages, max_tokens=60)
        print(f"The call will cost ${estimate.lowest:f} to ${estimate.highest:f}.")
        response = await llm.get_answer(fitted.messages, max_tokens=60)
        print(f"It cost ${response.cost:f}.")


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini"):
        asyncio.run(main())
