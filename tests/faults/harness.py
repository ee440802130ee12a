"""One fault, one call: what the server does, how the call must end, and that nothing is left of it.

A fault is served whole and cut into random pieces, to a call and to a stream. What goes wrong is in the test modules.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest

from core.llms import NO_RETRY, LLMContext, LLMError, RetryPolicy, StreamInterruptedError, Timeouts, TransportOptions
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.support.clocks import stopwatch
from tests.support.raw_server import Exchange, RawServer, raw_server
from tests.support.settling import connections_gone, foreign_tasks

MODEL = "gpt-4.1-mini"
SEEDS = (None, 1, 2)
# No fault may hold a call longer than its own limits, which are all well below this.
MOST_SECONDS = 1.5
SHORT = Timeouts(connect=0.15, first_event=0.15, between_events=0.15, total=0.4)
PATIENT = Timeouts(connect=5, first_event=5, between_events=5, total=5)

Send: TypeAlias = Callable[[bytes], Awaitable[None]]
Serve: TypeAlias = Callable[[Exchange, Send], Awaitable[None]]
# The text of the right answer, the exact class of an error, or that of the error that interrupted a begun stream.
Ending: TypeAlias = "str | type[LLMError] | Interrupted | tuple[Any, ...]"


@dataclass(frozen=True)
class Interrupted:
    """A `StreamInterruptedError` with this text so far, caused by an error of this class."""

    text: str
    cause: type[LLMError]
    finish: str = "error"


@dataclass(frozen=True)
class Fault:
    """What a server does, and how a call and a stream end by it; None where it makes no sense. A tuple: one of them."""

    name: str
    serve: Serve
    whole: Ending | None
    streamed: Ending | None
    timeouts: Timeouts = PATIENT
    timeout_seconds: float | None = None
    transport: TransportOptions = field(default_factory=TransportOptions)
    wire: str = "chat"
    message: str = ""


def cases(*faults: Fault) -> list[Any]:
    """Every fault for a call and for a stream, each whole and in random pieces."""
    return [
        pytest.param(fault, streamed, seed, id=f"{fault.name}-{kind}-{'at once' if seed is None else seed}")
        for fault in faults
        for streamed, kind, ending in ((False, "whole", fault.whole), (True, "streamed", fault.streamed))
        if ending is not None
        for seed in (SEEDS[:2] if fault.timeouts is SHORT else SEEDS)
    ]


def sender(exchange: Exchange, seed: int | None) -> Send:
    """A function that sends bytes at once, or in random pieces that arrive one by one."""
    rounds = random.Random(seed)

    async def send(data: bytes) -> None:
        start = 0
        while start < len(data):
            size = len(data) if seed is None else rounds.choice([1, 2, 3, 7, 40, 200, 5000, 100_000])
            await exchange.send(data[start : start + size])
            start += size
            await asyncio.sleep(0)

    return send


def is_streamed(exchange: Exchange) -> bool:
    """Whether a stream was asked for."""
    return bool(json.loads(exchange.body).get("stream"))


def head(exchange: Exchange, *lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer, of the content type that was asked for unless a line says another."""
    kind = "text/event-stream" if is_streamed(exchange) else "application/json"
    typed = [] if any(line.lower().startswith("content-type") for line in lines) else [f"Content-Type: {kind}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *typed, *lines]).encode() + b"\r\n\r\n"


async def ask(llm: OpenAIBaseLLM, streamed: bool, ctx: LLMContext, prompt: str = "Hi") -> str:
    """Call or stream, and return the answer's text."""
    if not streamed:
        return (await llm.get_answer(prompt, ctx)).text
    async with llm.stream_answer(prompt, ctx) as answer:
        texts = [text async for text in answer.text_deltas()]
    assert answer.response.text == "".join(texts)
    return answer.response.text


async def ending_of(llm: OpenAIBaseLLM, streamed: bool, timeout_seconds: float | None) -> tuple[str | LLMError, float]:
    """The answer's text, or the error, and the seconds it took, without the machine's own lag."""
    async with stopwatch() as watch:
        try:
            async with asyncio.timeout(10):
                text = await ask(llm, streamed, LLMContext(timeout_seconds=timeout_seconds))
        except LLMError as error:
            return error, watch.own_seconds
        return text, watch.own_seconds


async def check(
    fault: Fault, streamed: bool, seed: int | None, retry: RetryPolicy = NO_RETRY, most_seconds: float = MOST_SECONDS
) -> RawServer:
    """Make the call, and see that it ends as it must, in time, and leaves no connection and no task."""
    before = asyncio.all_tasks()

    async def handle(exchange: Exchange) -> None:
        await fault.serve(exchange, sender(exchange, seed))

    async with raw_server(handle) as server:
        options: Any = {"timeouts": fault.timeouts, "transport": fault.transport, "wire": fault.wire, "retry": retry}
        async with create_openai_llm(MODEL, api_key="k", base_url=server.url, **options) as llm:
            ended, seconds = await ending_of(llm, streamed, fault.timeout_seconds)
        await connections_gone(server)
    expected = fault.streamed if streamed else fault.whole
    assert fits(ended, expected), f"{ended!r:.500} is not {expected!r:.500}"
    if isinstance(ended, LLMError):
        assert fault.message in str(ended)
        assert (ended.provider, ended.model, len(ended.attempts)) == ("openai", MODEL, len(server.exchanges))
    assert seconds < most_seconds
    assert not foreign_tasks(before)
    return server


def fits(ended: str | LLMError, expected: Ending | None) -> bool:
    """Whether a call ended as it must."""
    match expected:
        case tuple():
            return any(fits(ended, one) for one in expected)
        case str():
            return ended == expected
        case Interrupted(text, cause, finish):
            if type(ended) is not StreamInterruptedError or type(ended.__cause__) is not cause:
                return False
            return (ended.partial.text, ended.partial.finish_reason.unified) == (text, finish)
    return type(ended) is expected
