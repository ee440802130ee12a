"""A streamed answer: its text alone, then all of its events, then one that is left early."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import StreamFinished, TextDelta, create_llm


async def main(model: str) -> None:
    async with create_llm(model) as llm:
        async with llm.stream_answer("Count from 1 to 10.", max_tokens=60) as stream:
            async for text in stream.text_deltas():
                print(text, end="", flush=True)
        print(f"\n[{stream.response.usage.output_tokens} tokens, {stream.response.finish_reason}]\n")

        async for event in llm.stream_answer("Count from 1 to 3.", max_tokens=60):
            match event:
                case TextDelta(text=text):
                    print(f"TextDelta {text!r}")
                case StreamFinished(response=response):
                    print(f"StreamFinished, ${response.cost}")
                case _:
                    print(type(event).__name__)

        async with llm.stream_answer("Write 500 words about the sea.", max_tokens=800) as stream:
            async for text in stream.text_deltas():
                print(f"\nLeft after {text!r}: the connection is closed, and the vendor stops generating.")
                break


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
