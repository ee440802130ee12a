"""HTTP goes wrong, or says no in many forms: faults 26 to 38; those of Retry-After are in `waits`."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from functools import cache

from tenacity import wait_none

from core.llms import (
    AuthenticationError,
    BadRequestError,
    ConnectError,
    OverloadedError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    ResponseTooLargeError,
    RetryPolicy,
    ServerError,
    StreamInterruptedError,
    TransportOptions,
)
from tests.faults.matrix.fault import Ending, Fault, Send, Serve, body_for, both, head, is_streamed, whole
from tests.faults.matrix.places import behind_proxy, beside_another
from tests.support.raw_server import Exchange

SMALL = TransportOptions(max_response_bytes=1_000_000)
TINY = TransportOptions(max_response_bytes=100)
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"


def error_body(code: str | None = None, message: str = "no") -> bytes:
    return json.dumps({"error": {"message": message, "type": "t", "param": None, "code": code}}).encode()


def serving(body: bytes, *lines: str, status: str = "200 OK") -> Serve:
    """Serve this body; the content type is JSON unless a line says another."""
    typed = (
        lines
        if any(line.lower().startswith("content-type") for line in lines)
        else (*lines, "Content-Type: application/json")
    )

    async def serve(exchange: Exchange, send: Send) -> None:
        await send(head(exchange, *typed, f"Content-Length: {len(body)}", status=status) + body)

    return serve


async def no_content(exchange: Exchange, send: Send) -> None:
    await send(b"HTTP/1.1 204 No Content\r\n\r\n")


async def chunked_with_a_length(exchange: Exchange, send: Send) -> None:
    body = body_for(exchange, "Hello")
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    await send(head(exchange, "Transfer-Encoding: chunked", "Content-Length: 5") + chunks)


async def two_lengths(exchange: Exchange, send: Send) -> None:
    body = body_for(exchange, "Hello")
    await send(head(exchange, f"Content-Length: {len(body)}", "Content-Length: 5") + body)


async def large_header(exchange: Exchange, send: Send) -> None:
    body = body_for(exchange, "Hello")
    await send(head(exchange, f"Content-Length: {len(body)}", f"X-Large: {'x' * 9_000}") + body)


async def endless_header(exchange: Exchange, send: Send) -> None:
    await send(b"HTTP/1.1 200 OK\r\nX-Large: " + b"x" * 1_000_000)
    exchange.writer.close()


async def no_http(exchange: Exchange, send: Send) -> None:
    await send(b"SSH-2.0-OpenSSH_9.9\r\n" * 4)
    exchange.writer.close()


def compressed(data: Callable[[Exchange], bytes], spoil: Callable[[bytes], bytes] = bytes) -> Serve:
    async def serve(exchange: Exchange, send: Send) -> None:
        body = spoil(gzip.compress(data(exchange)))
        await send(head(exchange, "Content-Encoding: gzip", f"Content-Length: {len(body)}") + body)

    return serve


def bomb(exchange: Exchange) -> bytes:
    return (b": \n" if is_streamed(exchange) else b" ") * 20_000_000


@cache
def _compressed_bomb(streamed: bool) -> bytes:
    packing = zlib.compressobj(wbits=31)
    piece = (b": \n" if streamed else b"   ") * 350_000
    return b"".join(packing.compress(piece) for _ in range(400)) + packing.flush()


async def compressed_bomb(exchange: Exchange, send: Send) -> None:
    """Send 400 MiB in less than one, for clients that have a cap of their own."""
    body = _compressed_bomb(is_streamed(exchange))
    await send(head(exchange, "Content-Encoding: gzip", f"Content-Length: {len(body)}") + body)


def spoilt(data: bytes) -> bytes:
    return data[:20] + bytes(byte ^ 0xFF for byte in data[20:60]) + data[60:]


def hello(exchange: Exchange) -> bytes:
    return body_for(exchange, "Hello")


def redirecting(status: int, path: str = "") -> Serve:
    """Redirect to a path of this origin, or to the other one."""

    async def serve(exchange: Exchange, send: Send) -> None:
        location = path or exchange.elsewhere
        await send(head(exchange, f"Location: {location}", "Content-Length: 0", status=f"{status} X"))

    return serve


def redirected(number: int, status: int, name: str, path: str = "") -> Fault:
    serve, retry = redirecting(status, path), RetryPolicy(wait=wait_none())
    facts = {"place": beside_another, "retry": retry, "requests": 1, "message": "answered with a redirect"}
    return both(number, f"{status} {name}", serve, ProtocolError, **facts)


async def refuse_proxying(exchange: Exchange, send: Send) -> None:
    await exchange.answer(b"", "407 Proxy Authentication Required", "text/plain", "Proxy-Authenticate: Basic")


def proxied(name: str, address: str, ending: Ending) -> Fault:
    facts = {"place": behind_proxy(address), "transport": TransportOptions(trust_env=True), "message": "407"}
    return both(34, name, refuse_proxying, ending, requests=1, **facts)


FAULTS = (
    both(26, "out of quota", serving(error_body("insufficient_quota"), status="429 X"), QuotaExceededError),
    both(
        27,
        "503 with HTML",
        serving(HTML, "Content-Type: text/html", status="503 X"),
        OverloadedError,
        message="502 Bad Gateway",
    ),
    both(27, "502 without a body", serving(b"", status="502 X"), ServerError, message="HTTP 502"),
    both(28, "529", serving(error_body(), status="529 X"), OverloadedError),
    both(
        29, "200 with HTML", serving(HTML, "Content-Type: text/html; charset=utf-8"), ProtocolError, message="not JSON"
    ),
    both(29, "200 with HTML said to be JSON", serving(HTML), ProtocolError, message="not JSON"),
    both(30, "200 with an error", serving(error_body()), ServerError),
    both(30, "200 with a rate limit", serving(error_body("rate_limit_exceeded")), RateLimitError),
    both(30, "200 with a wrong key", serving(error_body("invalid_api_key")), AuthenticationError),
    both(
        30, "200 with an error that is a text", serving(b'{"error": "overheated"}'), ServerError, message="overheated"
    ),
    both(31, "204", no_content, ProtocolError),
    both(31, "200 without a body", serving(b""), ProtocolError),
    *(redirected(32, status, "to another origin") for status in (307, 301, 302, 303, 308)),
    *(redirected(33, status, "to itself", "/chat/completions") for status in (307, 301, 302, 303, 308)),
    proxied("proxy that refuses", "http://vendor.invalid/v1", BadRequestError),
    proxied("proxy that refuses a tunnel", "https://vendor.invalid/v1", ConnectError),
    both(35, "length beside chunked", chunked_with_a_length, ProtocolError),
    both(35, "two lengths", two_lengths, ProtocolError),
    both(36, "header of 9 KB", large_header, "Hello"),
    both(36, "header without end", endless_header, ProtocolError),
    both(36, "no HTTP at all", no_http, ProtocolError),
    both(37, "gzip bomb", compressed(bomb), ResponseTooLargeError, transport=SMALL, is_slow=True),
    both(37, "answer in one piece beyond the cap", whole, ResponseTooLargeError, transport=TINY),
    both(38, "corrupt gzip", compressed(hello, spoilt), ProtocolError),
    both(38, "gzip that is none", compressed(hello, lambda data: b"plain text"), ProtocolError),
    both(38, "gzip in order", compressed(hello), "Hello"),
    Fault(38, "gzip cut", compressed(hello, lambda data: data[:-30]), ProtocolError, StreamInterruptedError),
)
