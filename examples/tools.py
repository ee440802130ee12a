"""Tools: functions that `run_tools` calls for the model, and the same loop by hand."""

import asyncio
from typing import Annotated, Literal

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import LLMContext, ToolMessage, create_llm
from core.llms.types.message_dicts import MessageInput


async def get_weather(
    city: Annotated[str, "the name of a city"], ctx: LLMContext, unit: Literal["celsius", "fahrenheit"] = "celsius"
) -> dict[str, str | int]:
    """Say what the weather in a city is now."""
    print(f"  get_weather({city!r}, unit={unit!r}) called for user {ctx.user_id}")
    return {"city": city, "temperature": 18 if unit == "celsius" else 64, "unit": unit}


async def main(model: str) -> None:
    ctx = LLMContext(user_id="u1", timeout_seconds=60)
    async with create_llm(model) as llm:
        run = await llm.run_tools("What is the weather in Paris and in Oslo?", ctx, tools=[get_weather], max_tokens=200)
        print(f"{run.text}\n[{run.rounds} rounds, {run.usage.total_tokens} tokens, ${run.cost}]\n")

        messages: list[MessageInput] = [{"role": "user", "content": "What is the weather in Lima?"}]
        response = await llm.get_answer(messages, ctx, tools=[get_weather], max_tokens=200)
        messages.append(response.message)
        for call in response.tool_calls:
            print(f"  asked for {call.name}({call.arguments_json})")
            messages.append(ToolMessage("22 degrees and sunny", tool_call_id=call.id))
        print((await llm.get_answer(messages, ctx, tools=[get_weather], max_tokens=200)).text)


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
