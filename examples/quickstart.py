"""Four calls over HTTP: a streamed answer, an image, a tool that runs, a typed answer; then what each of them took.

With OPENAI_API_KEY or the AZURE_OPENAI_* variables set they go to the vendor, else to a simulator on this machine.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

from _environment import environment  # type: ignore[import-not-found]  # beside this file
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from core.llms import LLMContext, LLMError, create_llm
from core.llms.providers.base.implementation import BaseLLM

IMAGE = Path(__file__).parent / "images" / "shapes.png"


async def stream(llm: BaseLLM, ctx: LLMContext) -> None:
    """A streamed answer, piece by piece."""
    async with llm.stream_answer("Count from 1 to 15.", ctx, max_tokens=100) as answer:
        async for text in answer.text_deltas():
            print(text, end="", flush=True)
    print(f"\n[finish reason: {answer.response.finish_reason}]")


async def see(llm: BaseLLM, ctx: LLMContext) -> None:
    """A question about an image, given as a path (addresses and bytes will do too)."""
    response = await llm.generate_with_vision("What is in this image?", images=[IMAGE], context=ctx, max_tokens=200)
    print(response.text)


def get_weather(city: str) -> str:
    """Say what the weather in a city is now."""
    return f"{city}: 18 °C, light rain"


async def use_a_tool(llm: BaseLLM, ctx: LLMContext) -> None:
    """The model asks for `get_weather`, which is called here; the model answers with what it returned."""
    run = await llm.run_tools("What is the weather in Paris and in Oslo?", ctx, tools=[get_weather], max_tokens=200)
    print(run.text)


class Person(BaseModel):
    name: str
    age: int
    city: str


async def get_an_object(llm: BaseLLM, ctx: LLMContext) -> None:
    """The answer as an object of a class of ours."""
    text = "Ada Lovelace, 36 years old, lives in London."
    response = await llm.get_answer(text, ctx, response_model=Person, max_tokens=200)
    print(repr(response.parsed))


STEPS: dict[str, Callable[[BaseLLM, LLMContext], Awaitable[None]]] = {
    "streamed answer": stream,
    "image": see,
    "tool": use_a_tool,
    "typed answer": get_an_object,
}


async def main(model: str) -> None:
    table = Table("call", "requests", "tokens in", "tokens out", "cost in USD", "seconds")
    for column in table.columns[1:]:
        column.justify = "right"
    async with create_llm(model) as llm:
        for title, step in STEPS.items():
            print(f"--- {title}")
            ctx, begin = LLMContext(timeout_seconds=60), perf_counter()
            await step(llm, ctx)
            used, seconds = ctx.ledger, perf_counter() - begin
            tokens = f"{used.usage.input_tokens:,}", f"{used.usage.output_tokens:,}"
            cost = f"{used.cost:.6f}" if used.cost_is_complete else "not known"
            table.add_row(title, str(used.attempt_count), *tokens, cost, f"{seconds:.3f}")
            print()
    Console().print(table)


if __name__ == "__main__":
    with environment() as model:
        try:
            asyncio.run(main(model))
        except LLMError as error:
            sys.exit(f"{type(error).__name__}: {error}")
