"""A TCP server that answers HTTP with exactly the bytes a test wants, or breaks off as it wants."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass
class Exchange:
    """One request on one connection, and the means to answer it. `elsewhere` is an address to point to, if any."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes
    body: bytes
    number: int
    connection: int
    elsewhere: str = ""

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def answer(
        self, body: bytes, status: str = "200 OK", content_type: str = "application/json", *extra: str
    ) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *extra]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    async def begin_stream(self, *extra: str) -> None:
        lines = ["HTTP/1.1 200 OK", "Content-Type: text/event-stream", "Connection: close", *extra]
        await self.send("\r\n".join(lines).encode() + b"\r\n\r\n")

    def reset(self) -> None:
        """Send a TCP reset instead of an orderly end."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def client_gone(self) -> None:
        """Wait until the client closes."""
        while await self.reader.read(65536):
            continue


Handler: TypeAlias = Callable[[Exchange], Awaitable[None]]


@dataclass
class RawServer:
    url: str
    exchanges: list[Exchange] = field(default_factory=list)
    connections: int = 0
    open_connections: int = 0


@asynccontextmanager
async def raw_server(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[RawServer]:
    """Serve on a free port; the handler runs once a request. A connection is kept until the handler closes it."""
    server = RawServer("")
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        server.open_connections += 1
        number = server.connections
        try:
            while (request := await _read_request(reader)) is not None:
                exchange = Exchange(reader, writer, *request, len(server.exchanges) + 1, number)
                server.exchanges.append(exchange)
                await handler(exchange)
                if writer.is_closing() or b"connection: close" in exchange.head.lower():
                    break
        except ConnectionError:
            return
        finally:
            server.open_connections -= 1
            writer.close()

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listener = await asyncio.start_server(on_connection, "127.0.0.1", 0, ssl=tls)
    server.url = f"http{'s' if tls else ''}://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes] | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return head, await reader.readexactly(length)
