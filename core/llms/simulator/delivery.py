"""How a reply travels: pacing, splitting, and every way a connection can fail on the way.

Knows sockets and faults, no vendor's wire. All waiting ends when the client disconnects, because the server cancels
the handler then.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from aiohttp import web

from core.llms.simulator.exchange import HttpReply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.faults import Fault

_HTML_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
_BODILESS_STATUSES = (204, 205, 304)
_COMMENT = b": keep-alive\n\n"
_MALFORMED_EVENT = b'data: {"id": "broken", "choices": [{"index": 0, "delta": {"content": "unfin\n\n'
_MALFORMED_BODY = b'{"id": "broken", "object": "unfin'


class _CutShortError(Exception):
    """The body reached the point where the fault cuts it."""


async def deliver(request: web.BaseRequest, reply: HttpReply, fault: Fault, stream_error: bytes) -> web.StreamResponse:
    """Send `reply` as `fault` bends it; returns once everything was sent or cut."""
    if fault.garbage == "html":
        reply = HttpReply(200, reply.headers, _HTML_PAGE, content_type="text/html; charset=utf-8")
    elif fault.garbage == "json" and reply.events is None:
        reply = HttpReply(200, reply.headers, _MALFORMED_BODY)
    if fault.empty_body:
        reply = HttpReply(reply.status, reply.headers, b"", content_type=reply.content_type)
    if reply.status in _BODILESS_STATUSES:
        reply = HttpReply(reply.status, reply.headers, b"", content_type=reply.content_type)
    response = web.StreamResponse(status=reply.status, headers={**reply.headers, "Content-Type": reply.content_type})
    response.headers.update(fault.response_headers())
    if reply.events is None and not fault.close_delimited:
        response.content_length = len(reply.body)
    writer = _Writer(request, response, fault)
    try:
        await writer.open()
        await _send(writer, reply, fault, stream_error)
        await writer.finish()
    except _CutShortError:
        await writer.cut(fault.cut_mode)
    return response


async def _send(writer: _Writer, reply: HttpReply, fault: Fault, stream_error: bytes) -> None:
    if reply.events is None:
        await _send_whole(writer, reply.body, fault)
        return
    if fault.time_to_first_event:
        await asyncio.sleep(fault.time_to_first_event)
    for index, event in enumerate(reply.events):
        if index == fault.error_after_events:
            await writer.write(stream_error)
            return
        await _disturb(writer, index, event, fault)
        await writer.write(event)


async def _send_whole(writer: _Writer, body: bytes, fault: Fault) -> None:
    if fault.hang_after_events is not None:
        await hang()
    if fault.cut_after_events is not None:
        raise _CutShortError
    if body:
        await writer.write(body)


async def _disturb(writer: _Writer, index: int, event: bytes, fault: Fault) -> None:
    """What comes before the event with this index, or instead of all that follow."""
    if index == fault.cut_after_events:
        raise _CutShortError
    if index == fault.hang_after_events:
        await hang()
    if fault.garbage == "json" and index == fault.garbage_after_events:
        await writer.write(_MALFORMED_EVENT)
    if index and fault.pacing:
        await asyncio.sleep(fault.pacing)
    if index == 1 and fault.endless is not None:
        await _repeat(writer, _COMMENT if fault.endless == "comments" else event, fault.pacing)


async def _repeat(writer: _Writer, data: bytes, pause_seconds: float) -> None:
    while True:
        await writer.write(data)
        await asyncio.sleep(pause_seconds)


async def hang() -> None:
    """Wait until the client gives up or the server closes."""
    await asyncio.Event().wait()


class _Writer:
    """Writes the body of one response, in pieces, up to the byte where it is cut."""

    def __init__(self, request: web.BaseRequest, response: web.StreamResponse, fault: Fault) -> None:
        self._request = request
        self._response = response
        self._fault = fault
        self._written_bytes = 0

    async def open(self) -> None:
        """Send the headers."""
        if not self._fault.close_delimited:
            await self._response.prepare(self._request)
            return
        self._response.headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {self._response.status} {self._response.reason}"]
        lines += [f"{name}: {value}" for name, value in self._response.headers.items()]
        self._raw_write("\r\n".join([*lines, "", ""]).encode("latin-1"))

    async def write(self, data: bytes) -> None:
        """Send a part of the body."""
        if self._fault.line_ending != "\n":
            data = data.replace(b"\r\n", b"\n").replace(b"\n", self._fault.line_ending.encode())
        for piece in self._pieces(data):
            allowed = self._allowed(piece)
            if allowed:
                await self._write_piece(allowed)
            if len(allowed) < len(piece):
                raise _CutShortError

    async def finish(self) -> None:
        """End the body as a whole one."""
        if self._fault.close_delimited:
            await self.cut("truncated")
        else:
            await self._response.write_eof()

    async def cut(self, mode: str) -> None:
        """End the connection or the body early, as `cut_mode` says."""
        if mode == "fin" and not self._fault.close_delimited and self._response.content_length is None:
            await self._response.write_eof()
            return
        transport = self._request.transport
        if transport is None:
            return
        if mode == "reset":
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        else:
            transport.close()

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        size = self._fault.chunk_bytes
        if size is None:
            yield data
            return
        for start in range(0, len(data), size):
            yield data[start : start + size]

    def _allowed(self, piece: bytes) -> bytes:
        limit = self._fault.cut_after_bytes
        if limit is None:
            return piece
        return piece[: max(0, limit - self._written_bytes)]

    async def _write_piece(self, piece: bytes) -> None:
        self._written_bytes += len(piece)
        if self._fault.close_delimited:
            self._raw_write(piece)
        else:
            await self._response.write(piece)
        if self._fault.chunk_bytes is not None:
            await asyncio.sleep(0)

    def _raw_write(self, data: bytes) -> None:
        transport = self._request.transport
        if transport is None or transport.is_closing():
            raise ConnectionResetError("the client has closed the connection")
        transport.write(data)
