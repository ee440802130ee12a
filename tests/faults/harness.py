"""One fault, one call: how the call ends, in what time, and that nothing is left of it.

A fault is served whole and cut into random pieces, to a call and to a stream. What goes wrong is in `matrix/`.
"""

from __future__ import annotations

import asyncio
import os
import random
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest

from core.llms import DeadlineExceededError, LLMContext, LLMError, LLMTimeoutError, StreamInterruptedError
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.faults.matrix.fault import Ending, Fault, Interrupted, Long, Send, Spot, TimedOut
from tests.faults.resolvers import resolving
from tests.support.clocks import stopwatch
from tests.support.raw_server import Exchange
from tests.support.settling import connections_gone, tasks_gone

MODEL = "gpt-4.1-mini"
# Another one in every run; a run is repeated by setting the variable to what the failure told.
FRESH_SEED = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(1_000_000))
SEEDS = {"at once": None, "fresh": FRESH_SEED, "1": 1}
# How much later than its own limit a call may end, the machine's lag aside.
OVERSHOOT_SECONDS = 0.1
_PIECES = (1, 2, 3, 7, 40, 200, 5000, 100_000)
_LARGE_PIECES = (1, 7, 5000, 100_000, 1_000_000)


def cases(*faults: Fault) -> list[Any]:
    """Every fault for a call and for a stream, each whole and in random pieces."""
    return [
        pytest.param(fault, streamed, seed, id=f"{fault}-{kind}-{pieces}")
        for fault in faults
        for streamed, kind, ending in ((False, "whole", fault.whole), (True, "streamed", fault.streamed))
        if ending is not None
        for pieces, seed in list(SEEDS.items())[: 2 if fault.is_slow else None]
    ]


def sender(exchange: Exchange, seed: int | None) -> Send:
    """A function that sends bytes at once, or in random pieces that arrive one by one."""
    rounds = random.Random(seed)

    async def send(data: bytes) -> None:
        start, sizes = 0, _PIECES if len(data) < 1_000_000 else _LARGE_PIECES
        while start < len(data):
            size = len(data) if seed is None else rounds.choice(sizes)
            await exchange.send(data[start : start + size])
            start += size
            await asyncio.sleep(0)

    return send


async def ask(llm: OpenAIBaseLLM, streamed: bool, ctx: LLMContext, prompt: str = "Hi") -> str:
    """Call or stream, and return the answer's text."""
    if not streamed:
        return (await llm.get_answer(prompt, ctx)).text
    async with llm.stream_answer(prompt, ctx) as answer:
        texts = [text async for text in answer.text_deltas()]
    assert answer.response.text == "".join(texts)
    return answer.response.text


async def ending_of(
    llm: OpenAIBaseLLM, streamed: bool, timeout_seconds: float | None, prompt: str = "Hi"
) -> tuple[str | LLMError, float]:
    """The answer's text, or the error, and the seconds it took, without the machine's own lag."""
    async with stopwatch() as watch:
        try:
            async with asyncio.timeout(20):
                text = await ask(llm, streamed, LLMContext(timeout_seconds=timeout_seconds), prompt)
        except LLMError as error:
            return error, watch.own_seconds
        return text, watch.own_seconds


async def check(fault: Fault, streamed: bool, seed: int | None) -> Spot:
    """Make the calls of a fault, and see that each ends as it must, in time, and leaves no connection and no task."""
    print(f"FAULT_SEED={FRESH_SEED}")
    before = asyncio.all_tasks()
    begun: list[float] = []

    async def handle(exchange: Exchange) -> None:
        begun.append(asyncio.get_running_loop().time())
        await fault.serve(exchange, sender(exchange, seed))

    async with fault.place(handle) as spot:
        with resolving(spot.resolver), patch.dict(os.environ, spot.environment):
            ended = await _endings(fault, streamed, spot)
        await connections_gone(spot.server)
    for end, seconds in ended:
        _check_ending(fault, end, fault.streamed if streamed else fault.whole)
        assert seconds < _most_seconds(fault)
    _check_requests(fault, spot, ended[-1][0])
    assert all(later - earlier >= fault.least_wait_seconds for earlier, later in pairwise(begun[:2]))
    await tasks_gone(before)
    return spot


async def _endings(fault: Fault, streamed: bool, spot: Spot) -> list[tuple[str | LLMError, float]]:
    options: Any = {
        "timeouts": fault.timeouts, "transport": fault.transport, "wire": fault.wire, "retry": fault.retry
    }  # fmt: skip
    ended = []
    async with create_openai_llm(MODEL, api_key="k", base_url=spot.url, **options) as llm:
        for _ in range(fault.calls):
            ended.append(await ending_of(llm, streamed, fault.timeout_seconds, fault.prompt))
    return ended


def _most_seconds(fault: Fault) -> float:
    own = min(fault.timeout_seconds or fault.timeouts.total, fault.timeouts.total)
    return min(fault.most_seconds, own + OVERSHOOT_SECONDS)


def _check_ending(fault: Fault, ended: str | LLMError, expected: Ending | None) -> None:
    assert fits(ended, expected), f"{ended!r:.500} is not {expected!r:.500}"
    if not isinstance(ended, LLMError):
        return
    assert fault.message in str(ended)
    assert (ended.provider, ended.model) == ("openai", MODEL)
    if fault.maybe_charged is not None:
        assert {attempt.maybe_charged for attempt in ended.attempts} == {fault.maybe_charged}
    if fault.retry_after_seconds is not ...:
        told = getattr(ended, "retry_after_seconds", ...)
        assert told == fault.retry_after_seconds
        assert (getattr(ended, "retry_at", ...) is None) == (told is None)


def _check_requests(fault: Fault, spot: Spot, ended: str | LLMError) -> None:
    requests = len(spot.server.exchanges)
    if isinstance(ended, LLMError):
        assert len(ended.attempts) == (requests if fault.attempts is None else fault.attempts)
    if fault.requests is not None:
        assert requests == fault.requests
    if spot.elsewhere is not None:
        assert spot.elsewhere.connections == 0


def fits(ended: str | LLMError, expected: Ending | None) -> bool:
    """Whether a call ended as it must."""
    match expected:
        case tuple():
            return any(fits(ended, one) for one in expected)
        case str():
            return ended == expected
        case Long(characters):
            return isinstance(ended, str) and len(ended) == characters
        case TimedOut(phase):
            kind = DeadlineExceededError if phase == "total" else LLMTimeoutError
            return type(ended) is kind and ended.phase == phase
        case Interrupted(text, cause, finish):
            if type(ended) is not StreamInterruptedError or type(ended.__cause__) is not cause:
                return False
            return (ended.partial.text, ended.partial.finish_reason.unified) == (text, finish)
    return type(ended) is expected
