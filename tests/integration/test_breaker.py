"""Breakers around real LLMs, over real sockets."""

from __future__ import annotations

import asyncio
import logging

import pytest
from tenacity import wait_none

from core.llms import (
    NO_RETRY,
    BreakerChange,
    BreakerMiddleware,
    BreakerPolicy,
    CircuitOpenError,
    LLMError,
    OverloadedError,
    RetryPolicy,
    ServerError,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.simulator import Fault, Simulator
from tests.integration.models import MODEL
from tests.support.chat_bytes import stream
from tests.support.clocks import Clock
from tests.support.raw_server import Exchange, raw_server


def create(url: str, breaker: BreakerMiddleware, key: str = "k", retry: RetryPolicy = NO_RETRY) -> OpenAIBaseLLM:
    return create_openai_llm(MODEL, api_key=key, base_url=url, retry=retry, middleware=[breaker])


async def test_breaker_spares_a_vendor_that_is_down_and_notices_its_recovery(
    sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    changes: list[BreakerChange] = []
    clock = Clock()
    breaker = BreakerMiddleware(on_change=changes.append, clock=clock)
    sim.script(Fault(status=503, repeat=5))
    with caplog.at_level(logging.INFO, "core.llms.breaker"):
        async with create(sim.openai_base_url, breaker) as llm:
            for _ in range(5):
                with pytest.raises(OverloadedError):
                    await llm.get_answer("Say: hello.")
            with pytest.raises(CircuitOpenError) as caught:
                await llm.get_answer("Say: hello.")
            sent = len(sim.requests)
            state = breaker.breaker_of(llm.target).state
            clock.now += 5
            answer = await llm.get_answer("Say: hello.")

    assert (sent, state, answer.text) == (5, "open", "hello.")
    assert caught.value.attempts[0].outcome == "CircuitOpenError"
    assert [(change.before, change.after, change.open_seconds) for change in changes] == [
        ("closed", "open", 5.0),
        ("half_open", "closed", None),
    ]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "openai/gpt-4.1-mini: breaker open: 5 failures in a row" in caplog.text


async def test_retry_does_not_hammer_an_open_breaker(sim: Simulator) -> None:
    breaker = BreakerMiddleware(BreakerPolicy(failures_in_a_row=2))
    sim.script(Fault(status=500, repeat=9))
    async with create(sim.openai_base_url, breaker, retry=RetryPolicy(wait=wait_none())) as llm:
        with pytest.raises(CircuitOpenError) as caught:
            await llm.get_answer("Say: hello.")

    assert [attempt.outcome for attempt in caught.value.attempts] == ["ServerError", "ServerError", "CircuitOpenError"]
    assert len(sim.requests) == 2


async def test_accounts_have_breakers_of_their_own(sim: Simulator) -> None:
    breaker = BreakerMiddleware(BreakerPolicy(failures_in_a_row=1))
    sim.script(Fault(status=500))
    async with (
        create(sim.openai_base_url, breaker, "one") as one,
        create(sim.openai_base_url, breaker, "two") as two,
    ):
        with pytest.raises(ServerError):
            await one.get_answer("Say: hello.")
        answer = await two.get_answer("Say: hello.")

    assert answer.text == "hello."
    assert len(breaker.breakers) == 2
    assert answer.attempts[0].account == two.target.account != one.target.account


async def test_cancelled_calls_neither_open_a_breaker_nor_keep_its_probe(sim: Simulator) -> None:
    clock = Clock()
    breaker = BreakerMiddleware(BreakerPolicy(failures_in_a_row=1), clock=clock)
    sim.script(Fault(status=500), Fault(hang=True), "fine")
    async with create(sim.openai_base_url, breaker) as llm:
        with pytest.raises(ServerError):
            await llm.get_answer("Hi")
        clock.now += 5
        probe = asyncio.create_task(llm.get_answer("Hi"))
        while len(sim.requests) < 2:
            await asyncio.sleep(0.001)
        with pytest.raises(CircuitOpenError):
            await llm.get_answer("Hi")
        probe.cancel()
        await asyncio.gather(probe, return_exceptions=True)

        assert (await llm.get_answer("Hi")).text == "fine"


async def test_probe_that_streams_closes_the_breaker_with_its_first_event() -> None:
    clock = Clock()
    breaker = BreakerMiddleware(BreakerPolicy(failures_in_a_row=1), clock=clock)
    go_on = asyncio.Event()

    async def handle(exchange: Exchange) -> None:
        if exchange.number == 1:
            await exchange.answer(b"{}", "500 Internal Server Error")
            return
        await exchange.begin_stream()
        first, second, *rest = stream("one", "two")
        await exchange.send(first, second)
        await go_on.wait()
        await exchange.send(*rest)
        exchange.writer.close()

    async with (
        raw_server(handle) as server,
        create(server.url, breaker) as llm,
    ):
        circuit = breaker.breaker_of(llm.target)
        with pytest.raises(ServerError):
            await llm.get_answer("Hi")
        clock.now += 5
        async with llm.stream_answer("Hi") as answer:
            await anext(answer)
            assert circuit.state == "closed"
            go_on.set()
            assert (await answer.get_response()).text == "onetwo"


async def test_stream_that_breaks_counts_as_a_failure() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(*stream("one", "two")[:2])
        exchange.reset()

    breaker = BreakerMiddleware(BreakerPolicy(failures_in_a_row=2))
    async with (
        raw_server(handle) as server,
        create(server.url, breaker) as llm,
    ):
        for _ in range(2):
            with pytest.raises(LLMError):
                await llm.stream_answer("Hi").get_response()

        assert breaker.breaker_of(llm.target).state == "open"
