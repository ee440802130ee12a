"""What a fault is: where the calls go, what the server does, and how a call and a stream must end by it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from core.llms import NO_RETRY, LLMError, RetryPolicy, Timeouts, TransportOptions
from tests.faults.resolvers import Resolver
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, Handler, RawServer, raw_server

SHORT = Timeouts(connect=0.15, first_event=0.15, between_events=0.15, total=0.4)
PATIENT = Timeouts(connect=5, first_event=5, between_events=5, total=5)
# Long enough for a client of the same machine to read what was sent before the connection breaks.
READ_SECONDS = 0.02

Send: TypeAlias = Callable[[bytes], Awaitable[None]]
Serve: TypeAlias = Callable[[Exchange, Send], Awaitable[None]]
# The text of the right answer, the exact class of an error, or more than that; a tuple is one of them.
Ending: TypeAlias = "str | Long | type[LLMError] | Interrupted | TimedOut | tuple[Any, ...]"


@dataclass(frozen=True)
class Interrupted:
    """A `StreamInterruptedError` with this text so far, caused by an error of this class."""

    text: str
    cause: type[LLMError]
    finish: str = "error"


@dataclass(frozen=True)
class TimedOut:
    """An `LLMTimeoutError` of this phase; that of the phase `total` is a `DeadlineExceededError`."""

    phase: str


@dataclass(frozen=True)
class Long:
    """A right answer of so many characters."""

    characters: int


@dataclass(frozen=True)
class Spot:
    """Where the calls of a fault go. `elsewhere` must never be asked."""

    url: str
    server: RawServer
    resolver: Resolver = "system"
    elsewhere: RawServer | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


Place: TypeAlias = Callable[[Handler], AbstractAsyncContextManager[Spot]]


@asynccontextmanager
async def plainly(handler: Handler) -> AsyncIterator[Spot]:
    """A server of plain HTTP."""
    async with raw_server(handler) as server:
        yield Spot(server.url, server)


@dataclass(frozen=True)
class Fault:
    """One fault of the matrix, by its number there.

    `whole` and `streamed` say how a call and a stream end, None where it makes no sense. `calls` are made one after the
    other, and each must end so. `requests` is how many of them the server gets, `attempts` how many an error tells of
    (as many as there were requests, where it is None); `least_wait_seconds` is the time from the first to the second.
    `most_seconds` bounds a call, the machine's lag aside. `retry_after_seconds` is what the error tells of the
    server's wish; `...` where it does not matter. One that `is_slow` is tested with fewer seeds.
    """

    number: int
    name: str
    serve: Serve
    whole: Ending | None
    streamed: Ending | None
    timeouts: Timeouts = PATIENT
    timeout_seconds: float | None = None
    transport: TransportOptions = field(default_factory=TransportOptions)
    wire: str = "chat"
    message: str = ""
    place: Place = plainly
    retry: RetryPolicy = NO_RETRY
    prompt: str = "Hi"
    calls: int = 1
    requests: int | None = None
    attempts: int | None = None
    maybe_charged: bool | None = None
    least_wait_seconds: float = 0.0
    most_seconds: float = 1.5
    retry_after_seconds: Any = ...
    is_slow: bool = False

    def __str__(self) -> str:
        return f"{self.number} {self.name}" + ("" if self.wire == "chat" else f", {self.wire}")


def both(number: int, name: str, serve: Serve, ending: Ending, **facts: Any) -> Fault:
    """Make a fault by which a call and a stream end alike."""
    return Fault(number, name, serve, ending, ending, **facts)


def is_streamed(exchange: Exchange) -> bool:
    """Whether a stream was asked for."""
    return bool(json.loads(exchange.body).get("stream"))


def head(exchange: Exchange, *lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer, of the content type that was asked for unless a line says another."""
    kind = "text/event-stream" if is_streamed(exchange) else "application/json"
    typed = [] if any(line.lower().startswith("content-type") for line in lines) else [f"Content-Type: {kind}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *typed, *lines]).encode() + b"\r\n\r\n"


def body_for(exchange: Exchange, *texts: str) -> bytes:
    """The whole body of a right answer, of the kind that was asked for."""
    return b"".join(stream(*texts)) if is_streamed(exchange) else completion("".join(texts))


async def whole(exchange: Exchange, send: Send) -> None:
    """Answer rightly: Hello."""
    body = body_for(exchange, "Hello")
    await send(head(exchange, f"Content-Length: {len(body)}") + body)


async def hang(exchange: Exchange, send: Send) -> None:
    """Say nothing until the client leaves."""
    await exchange.client_gone()


async def repeat(exchange: Exchange, data: bytes, pause_seconds: float) -> None:
    """Send the same for ever, until the client leaves."""
    try:
        while True:
            await exchange.send(data)
            await asyncio.sleep(pause_seconds)
    except ConnectionError:
        return
