"""Places where calls go and no answer comes from, or not from whom it should."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeAlias

import trustme

from core.llms import TransportOptions
from tests.faults.matrix.fault import Place, Spot
from tests.faults.resolvers import Resolver
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, Handler, RawServer, raw_server

AUTHORITY = trustme.CA()
_HOUR = timedelta(hours=1)
EXPIRED: dict[str, Any] = {"not_before": datetime.now(UTC) - 2 * _HOUR, "not_after": datetime.now(UTC) - _HOUR}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY")
Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[RawServer]:
    """A TCP server that knows no HTTP."""
    server = RawServer("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        server.open_connections += 1
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            server.open_connections -= 1
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listener:
        server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        yield server


def named(resolver: Resolver) -> Place:
    """A server by a name that this resolver looks up."""

    @asynccontextmanager
    async def place(handler: Handler) -> AsyncIterator[Spot]:
        async with raw_server(handler) as server:
            yield Spot(server.url.replace("127.0.0.1", "vendor.invalid"), server, resolver)

    return place


@asynccontextmanager
async def refused(handler: Handler) -> AsyncIterator[Spot]:
    """A port where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield Spot(f"http://127.0.0.1:{free.getsockname()[1]}", RawServer(""))


@asynccontextmanager
async def full(handler: Handler) -> AsyncIterator[Spot]:
    """A port whose queue is full, so that the system drops every SYN."""
    waiting = [socket.socket() for _ in range(3)]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(listener.getsockname())
            yield Spot(f"http://127.0.0.1:{listener.getsockname()[1]}", RawServer(""))
        finally:
            for one in waiting:
                one.close()


@asynccontextmanager
async def without_tls(handler: Handler) -> AsyncIterator[Spot]:
    """An https address whose server answers a TLS hello in plain HTTP."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    async with listening(talk) as server:
        yield Spot(server.url.replace("http", "https"), server)


@asynccontextmanager
async def without_handshake(handler: Handler) -> AsyncIterator[Spot]:
    """An https address whose server never shakes hands."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(talk) as server:
        yield Spot(server.url.replace("http", "https"), server)


def trusting() -> TransportOptions:
    """Settings that trust the authority of `with_tls`."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return TransportOptions(ssl_context=context)


def with_tls(*names: str, scheme: str = "https", **validity: Any) -> Place:
    """A server with a certificate for these names."""

    @cache
    def context() -> ssl.SSLContext:
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        AUTHORITY.issue_cert(*names, **validity).configure_cert(made)
        return made

    @asynccontextmanager
    async def place(handler: Handler) -> AsyncIterator[Spot]:
        async with raw_server(handler, context()) as server:
            yield Spot(server.url.replace("https", scheme), server)

    return place


@asynccontextmanager
async def resetting_uploads(handler: Handler) -> AsyncIterator[Spot]:
    """A server that resets while most of a large request is still to come."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(70_000)
        Exchange(reader, writer, b"", b"", 1, 1).reset()

    async with listening(talk) as server:
        yield Spot(server.url, server)


@asynccontextmanager
async def beside_another(handler: Handler) -> AsyncIterator[Spot]:
    """A server, and another origin that would answer, too."""

    async def answer(exchange: Exchange) -> None:
        await exchange.answer(completion("Elsewhere"))

    async with raw_server(answer) as other:

        async def told(exchange: Exchange) -> None:
            exchange.elsewhere = f"{other.url}/v1/chat/completions"
            await handler(exchange)

        async with raw_server(told) as server:
            yield Spot(server.url, server, elsewhere=other)


def behind_proxy(address: str) -> Place:
    """An address that is reached through the proxy of the environment alone: the server is that proxy."""

    @asynccontextmanager
    async def place(handler: Handler) -> AsyncIterator[Spot]:
        async with raw_server(handler) as proxy:
            yield Spot(address, proxy, environment=dict.fromkeys(PROXIES, proxy.url))

    return place
