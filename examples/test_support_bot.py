"""Tests of code that calls a model, without a key: `pytest examples/test_support_bot.py`.

`llm_simulator` is a fixture that comes with the package. It needs no pytest-asyncio.
"""

import asyncio

import pytest

from core.llms import LLMContext, OverloadedError
from core.llms.providers.openai import create_openai_llm
from core.llms.simulator import Fault, Reply, ScriptedToolCall, Simulator


def find_order(order_id: str) -> str:
    """Look up the state of an order."""
    return f"order {order_id} was shipped"


async def answer_customer(question: str, ctx: LLMContext | None = None) -> str:
    """The code under test."""
    async with create_openai_llm("gpt-4.1-mini") as llm:
        return (await llm.run_tools(question, ctx, tools=[find_order], max_tokens=100)).text


def test_answer_quotes_the_order(llm_simulator: Simulator) -> None:
    call = ScriptedToolCall("find_order", {"order_id": "A-7"})
    llm_simulator.script(Reply(tool_calls=(call,)), "Your order A-7 was shipped.")

    assert asyncio.run(answer_customer("Where is my order A-7?")) == "Your order A-7 was shipped."

    first, second = llm_simulator.requests
    assert first.body["tools"][0]["function"]["name"] == "find_order"
    assert second.body["messages"][-1]["content"] == "order A-7 was shipped"


def test_answer_survives_a_busy_vendor(llm_simulator: Simulator) -> None:
    llm_simulator.script(Fault(status=503, retry_after="0.01"), "Good morning.")

    assert asyncio.run(answer_customer("Good morning!")) == "Good morning."
    assert len(llm_simulator.requests) == 2


def test_error_reaches_the_caller(llm_simulator: Simulator) -> None:
    llm_simulator.script(Fault(status=503, should_retry="false"))

    with pytest.raises(OverloadedError, match="503"):
        asyncio.run(answer_customer("Good morning!"))
