"""Fallback and connections: what a broken one of a target means for those of the next."""

from __future__ import annotations

from tests.integration.routes import create, outcomes
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server


async def test_next_target_is_asked_on_the_connection_that_it_has_though_the_one_before_broke() -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(completion("hello."))

    async def break_off(exchange: Exchange) -> None:
        match exchange.number:
            case 1:
                await exchange.answer(completion("hello."))
            case 2:
                exchange.reset()
            case _:
                await exchange.answer(b"{}", "503 Service Unavailable")

    async with raw_server(break_off) as near, raw_server(answer) as far:
        other = create(f"{far.url}/v1")
        await other.get_answer("Hi")
        async with create(f"{near.url}/v1").with_fallback(other) as llm:
            await llm.get_answer("Hi")
            moved = await llm.get_answer("Hi")

    assert outcomes(moved) == ["ConnectionLostError", "OverloadedError", "ok"]
    assert (near.connections, len(far.exchanges), far.connections) == (2, 2, 1)
