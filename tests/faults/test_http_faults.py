"""HTTP goes wrong, or says no in many forms: faults 19 to 38 of the matrix."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from tenacity import wait_none

from core.llms import (
    NO_RETRY,
    AuthenticationError,
    BadRequestError,
    ConnectError,
    LLMContext,
    LLMError,
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
from core.llms.providers.openai import create_openai_llm
from tests.faults.harness import MODEL, Ending, Fault, Send, Serve, ask, cases, check, ending_of, head, is_streamed
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, raw_server

SMALL = TransportOptions(max_response_bytes=1_000_000)
TINY = TransportOptions(max_response_bytes=100)
HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"


def error_body(code: str | None = None, message: str = "no") -> bytes:
    return json.dumps({"error": {"message": message, "type": "t", "param": None, "code": code}}).encode()


def whole_body(exchange: Exchange) -> bytes:
    return b"".join(stream("Hello")) if is_streamed(exchange) else completion()


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


def both(name: str, serve: Serve, ending: Ending, **facts: Any) -> Fault:
    return Fault(name, serve, ending, ending, **facts)


async def whole(exchange: Exchange, send: Send) -> None:
    body = whole_body(exchange)
    await send(head(exchange, f"Content-Length: {len(body)}") + body)


async def no_content(exchange: Exchange, send: Send) -> None:
    await send(b"HTTP/1.1 204 No Content\r\n\r\n")


async def chunked_with_a_length(exchange: Exchange, send: Send) -> None:
    body = whole_body(exchange)
    chunks = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    await send(head(exchange, "Transfer-Encoding: chunked", "Content-Length: 5") + chunks)


async def two_lengths(exchange: Exchange, send: Send) -> None:
    body = whole_body(exchange)
    await send(head(exchange, f"Content-Length: {len(body)}", "Content-Length: 5") + body)


async def large_header(exchange: Exchange, send: Send) -> None:
    body = whole_body(exchange)
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


def spoilt(data: bytes) -> bytes:
    return data[:20] + bytes(byte ^ 0xFF for byte in data[20:60]) + data[60:]


FAULTS = (
    both("26 out of quota", serving(error_body("insufficient_quota"), status="429 X"), QuotaExceededError),
    both(
        "27 503 with HTML",
        serving(HTML, "Content-Type: text/html", status="503 X"),
        OverloadedError,
        message="502 Bad Gateway",
    ),
    both("27 502 without a body", serving(b"", status="502 X"), ServerError, message="HTTP 502"),
    both("28 529", serving(error_body(), status="529 X"), OverloadedError),
    both(
        "29 200 with HTML", serving(HTML, "Content-Type: text/html; charset=utf-8"), ProtocolError, message="not JSON"
    ),
    both("29 200 with HTML said to be JSON", serving(HTML), ProtocolError, message="not JSON"),
    both("30 200 with an error", serving(error_body()), ServerError),
    both("30 200 with a rate limit", serving(error_body("rate_limit_exceeded")), RateLimitError),
    both("30 200 with a wrong key", serving(error_body("invalid_api_key")), AuthenticationError),
    both("30 200 with an error that is a text", serving(b'{"error": "overheated"}'), ServerError, message="overheated"),
    both("31 204", no_content, ProtocolError),
    both("31 200 without a body", serving(b""), ProtocolError),
    both("35 length beside chunked", chunked_with_a_length, ProtocolError),
    both("35 two lengths", two_lengths, ProtocolError),
    both("36 header of 9 KB", large_header, "Hello"),
    both("36 header without end", endless_header, ProtocolError),
    both("36 no HTTP at all", no_http, ProtocolError),
    both("37 gzip bomb", compressed(bomb), ResponseTooLargeError, transport=SMALL),
    both("37 answer in one piece beyond the cap", whole, ResponseTooLargeError, transport=TINY),
    both("38 corrupt gzip", compressed(whole_body, spoilt), ProtocolError),
    both("38 gzip that is none", compressed(whole_body, lambda data: b"plain text"), ProtocolError),
    both("38 gzip in order", compressed(whole_body), "Hello"),
    Fault("38 gzip cut", compressed(whole_body, lambda data: data[:-30]), ProtocolError, StreamInterruptedError),
)


@pytest.mark.parametrize(("fault", "streamed", "seed"), cases(*FAULTS))
async def test_http_fault_ends_as_it_must(fault: Fault, streamed: bool, seed: int | None) -> None:
    await check(fault, streamed, seed)


def in_half_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)


WAITS: list[Any] = [
    pytest.param("retry-after: 7", 7.0, id="19 int"),
    pytest.param("retry-after: 0.25", 0.25, id="20 float"),
    pytest.param("retry-after-ms: 250", 0.25, id="21 ms"),
    pytest.param("retry-after: {date}", pytest.approx(30, abs=3), id="22 date"),
    pytest.param("retry-after: Wed, 21 Oct 2015 07:28:00 GMT", 0.0, id="23 past date"),
    pytest.param("retry-after: 1000000000", 1e9, id="24 a billion"),
    pytest.param("retry-after: soon", None, id="25 garbage"),
    pytest.param("retry-after: nan", None, id="25 nan"),
    pytest.param("retry-after: -5", None, id="25 negative"),
    pytest.param("retry-after: 1e400", None, id="25 infinite"),
    pytest.param("retry-after: 99999999999999999999999", None, id="25 beyond any date"),
]


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("line", "seconds"), WAITS)
async def test_wait_that_the_server_asks_for_is_in_the_error(line: str, seconds: float | None, streamed: bool) -> None:
    async def limited(exchange: Exchange) -> None:
        await exchange.answer(error_body(), "429 X", "application/json", line.format(date=in_half_a_minute()))

    async with (
        raw_server(limited) as server,
        create_openai_llm(MODEL, api_key="k", base_url=server.url, retry=NO_RETRY) as llm,
    ):
        error, _ = await ending_of(llm, streamed, 5)
    assert type(error) is RateLimitError
    assert error.retry_after_seconds == seconds
    assert (error.retry_at is None) == (seconds is None)


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    ("line", "least", "requests"),
    [
        pytest.param("retry-after: 0.15", 0.15, 2, id="20 waited for"),
        pytest.param("retry-after-ms: 150", 0.15, 2, id="21 waited for"),
        pytest.param("retry-after: Wed, 21 Oct 2015 07:28:00 GMT", 0, 2, id="23 over already"),
        pytest.param("retry-after: 1000000000", 0, 1, id="24 not waited for"),
        pytest.param("retry-after: 61", 0, 1, id="24 too long to wait for"),
        pytest.param("retry-after: soon", 0, 2, id="25 ignored"),
        pytest.param("retry-after: 30", 0, 1, id="22 beyond the deadline"),
    ],
)
async def test_wait_is_kept_or_refused_at_once(line: str, least: float, requests: int, streamed: bool) -> None:
    async def serve(exchange: Exchange, send: Send) -> None:
        if exchange.number == 1:
            await send(head(exchange, line, "Content-Length: 0", status="429 X"))
        else:
            body = whole_body(exchange)
            await send(head(exchange, f"Content-Length: {len(body)}") + body)

    ending: Ending = "Hello" if requests == 2 else RateLimitError
    fault = Fault("429", serve, ending, ending, timeout_seconds=3)
    server = await check(fault, streamed, None, RetryPolicy(wait=wait_none()))
    assert len(server.exchanges) == requests


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_refused_and_carries_nothing_elsewhere(status: int, streamed: bool) -> None:
    """Faults 32 and 33: to another origin, and back to itself for ever."""

    async def elsewhere(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with raw_server(elsewhere) as other:
        for target in (f"{other.url}/v1/chat/completions", "/chat/completions"):
            serve = serving(b"", f"Location: {target}", status=f"{status} X")
            fault = both("redirect", serve, ProtocolError, message="answered with a redirect")
            server = await check(fault, streamed, None, RetryPolicy(wait=wait_none()))
            assert len(server.exchanges) == 1
        assert other.connections == 0


PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


async def refuse_proxying(exchange: Exchange) -> None:
    await exchange.answer(b"", "407 Proxy Authentication Required", "text/plain", "Proxy-Authenticate: Basic")


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    ("address", "kind"),
    [
        pytest.param("http://vendor.invalid/v1", BadRequestError, id="34 plain"),
        pytest.param("https://vendor.invalid/v1", ConnectError, id="34 tunnel"),
    ],
)
async def test_proxy_that_refuses_is_an_error(
    environment: pytest.MonkeyPatch, address: str, kind: type[LLMError], streamed: bool
) -> None:
    async with raw_server(refuse_proxying) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            environment.setenv(name, proxy.url)
        options: Any = {"transport": TransportOptions(trust_env=True), "retry": NO_RETRY}
        async with create_openai_llm(MODEL, api_key="k", base_url=address, **options) as llm:
            error, _ = await ending_of(llm, streamed, 3)
    assert type(error) is kind
    assert "407" in str(error)
    assert len(proxy.exchanges) == 1


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_proxy_of_the_environment_is_opt_in_and_has_exceptions(
    environment: pytest.MonkeyPatch, streamed: bool
) -> None:
    async def serve(exchange: Exchange) -> None:
        body = whole_body(exchange)
        await exchange.send(head(exchange, f"Content-Length: {len(body)}") + body)

    async with raw_server(refuse_proxying) as proxy, raw_server(serve) as server:
        environment.setenv("HTTP_PROXY", proxy.url)
        for trust in (False, True):
            if trust:
                environment.setenv("NO_PROXY", "127.0.0.1")
            transport = TransportOptions(trust_env=trust)
            async with create_openai_llm(MODEL, api_key="k", base_url=server.url, transport=transport) as llm:
                assert await ask(llm, streamed, LLMContext(timeout_seconds=2)) == "Hello"
    assert proxy.connections == 0
    assert len(server.exchanges) == 2
