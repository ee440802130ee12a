"""xAI: the cost that it reports, reasoning that goes back encrypted, a search of the web, chat completions."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import ReasoningPart, ServerTool, TextPart, UserMessage
from core.llms.providers.xai import create_xai_llm


async def main() -> None:
    question = UserMessage("What is 17 * 23?")
    async with create_xai_llm("grok-4.3") as llm:
        first = await llm.get_answer([question], reasoning_effort="low", max_tokens=2_000)
        print(f"{first.text} [{first.usage.reasoning_tokens} tokens of reasoning, ${first.cost}, as xAI reports it]")
        sealed = [part for part in first.message.parts if isinstance(part, ReasoningPart) and part.signature]
        second = await llm.get_answer([question, first.message, UserMessage("Say: thanks.")], max_tokens=2_000)
        print(f"{second.text} [{len(sealed)} encrypted thought went back]")

        search = ServerTool({"type": "web_search"})
        found = await llm.get_answer("Who won?", tools=[search], max_tokens=2_000)
        notes = [note for part in found.message.parts if isinstance(part, TextPart) for note in part.annotations]
        print(f"{len(notes)} source: {notes[0]['url'] if notes else 'none'}")

    async with create_xai_llm("grok-4.3", wire="chat") as llm:
        stream = llm.stream_answer("Count from 1 to 5.", max_tokens=2_000)
        async for text in stream.text_deltas():
            print(text, end="", flush=True)
        print(f" [{llm.wire.name}, ${stream.response.cost}]")


if __name__ == "__main__":
    with environment("xai/grok-4.3", usd="0.10"):
        asyncio.run(main())
