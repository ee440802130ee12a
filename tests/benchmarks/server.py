"""The server that the benchmark's clients talk to, on bytes made beforehand: `python -m tests.benchmarks.server`.

It does as little as it can, so that the clients are what is measured. The path says as which vendor to answer, and the
conversation what: `plain-0`;
`burst-N` and `paced-N`, streams of N events written at once or one every 4 ms; `held-N`, a stream of 100 events whose
second half waits until N streams are open (or until no more of them come). Prints its port and serves until its
standard input is closed.
"""

from __future__ import annotations

import asyncio
import re
import sys

from tests.benchmarks.payloads import HELD_EVENTS, Vendor
from tests.benchmarks.system import pin_to_cpu, raise_file_limit
from tests.benchmarks.vendors import VENDORS

SERVER_CPU = 0
PACE_SECONDS = 0.004
_PATIENCE_SECONDS = 1.0
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_KIND = re.compile(rb"\((plain|burst|paced|held)-(\d+)\)")


class Server:
    """Answers, and holds streams until all are there."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._held: list[tuple[asyncio.Transport, bytes]] = []
        self._release: asyncio.TimerHandle | None = None

    def answer(self, transport: asyncio.Transport, request: bytes) -> None:
        """Write the answer, at once or bit by bit. Raises `ValueError` for a request of no kind."""
        found = _KIND.search(request)
        path = request[: request.find(b"\r\n")]
        vendor = next((vendor for vendor in VENDORS if vendor.mark in path), None)
        if found is None or vendor is None:
            raise ValueError(f"a request that this server does not know: {request!r}")
        form, number = found[1], int(found[2])
        if form == b"plain":
            transport.write(vendor.encode_plain())
            return
        transport.write(vendor.encode_stream_head())
        if form == b"burst":
            transport.write(b"".join(vendor.encode_stream(number)))
        elif form == b"paced":
            self._write_next(transport, vendor.encode_stream(number), 0)
        else:
            self._hold(transport, number, vendor)

    def _write_next(self, transport: asyncio.Transport, chunks: tuple[bytes, ...], index: int) -> None:
        if transport.is_closing():
            return
        transport.write(chunks[index])
        if index + 1 < len(chunks):
            self._loop.call_later(PACE_SECONDS, self._write_next, transport, chunks, index + 1)

    def _hold(self, transport: asyncio.Transport, wanted: int, vendor: Vendor) -> None:
        begin, rest = _halve(vendor.encode_stream(HELD_EVENTS))
        transport.write(begin)
        self._held.append((transport, rest))
        if self._release is not None:
            self._release.cancel()
        if len(self._held) >= wanted:
            self._release_all()
        else:
            self._release = self._loop.call_later(_PATIENCE_SECONDS, self._release_all)

    def _release_all(self) -> None:
        held, self._held, self._release = self._held, [], None
        for transport, rest in held:
            transport.write(rest)


def _halve(chunks: tuple[bytes, ...]) -> tuple[bytes, bytes]:
    middle = HELD_EVENTS // 2
    return b"".join(chunks[:middle]), b"".join(chunks[middle:])


class Connection(asyncio.Protocol):
    """One client's connection: requests in, bytes out."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        received = self._received + data
        while (end := received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(received, 0, end)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(received) < size:
                break
            self._server.answer(self._transport, received[:size])
            received = received[size:]
        self._received = received


async def serve() -> None:
    """Serve on a free port until standard input ends."""
    loop = asyncio.get_running_loop()
    answering = Server()
    listening = await loop.create_server(lambda: Connection(answering), "127.0.0.1", 0, backlog=4096)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    listening.close()


if __name__ == "__main__":
    pin_to_cpu(SERVER_CPU)
    raise_file_limit()
    asyncio.run(serve())
