"""No connection comes about, or not with whom it should: faults 1 to 8 of the matrix. Nothing was sent, ever."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme
from tenacity import wait_none

from core.llms import (
    NO_RETRY,
    ConnectError,
    ConnectionLostError,
    DeadlineExceededError,
    LLMContext,
    LLMError,
    LLMTimeoutError,
    ProtocolError,
    RetryPolicy,
    Timeouts,
    TransportOptions,
)
from core.llms.providers.openai import create_openai_llm
from tests.faults.harness import MODEL, MOST_SECONDS, ask, ending_of
from tests.support.chat_bytes import completion, stream
from tests.support.clocks import stopwatch
from tests.support.raw_server import Exchange, raw_server
from tests.support.settling import connections_gone, tasks_gone

AUTHORITY = trustme.CA()
HOURS = timedelta(hours=1)
BOTH = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
QUICK = Timeouts(connect=0.15)
Lookup = Callable[..., Awaitable[list[Any]]]


async def error_of(url: str, streamed: bool, timeout_seconds: float | None = None, **options: Any) -> LLMError:
    """The error of a call to this address, which must come in time."""
    options = {"retry": NO_RETRY, **options}
    before = asyncio.all_tasks()
    async with create_openai_llm(MODEL, api_key="k", base_url=url, **options) as llm:
        ended, seconds = await ending_of(llm, streamed, timeout_seconds)
    await tasks_gone(before)
    assert isinstance(ended, LLMError), ended
    assert seconds < MOST_SECONDS
    return ended


def resolve_by(monkeypatch: pytest.MonkeyPatch, lookup: Lookup) -> None:
    """Let names be looked up by a function of the test's."""
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)


@BOTH
async def test_name_that_cannot_be_resolved_is_a_connect_error(monkeypatch: pytest.MonkeyPatch, streamed: bool) -> None:
    asked: list[str] = []

    async def fail(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    resolve_by(monkeypatch, fail)
    error = await error_of("http://nowhere.invalid", streamed, retry=RetryPolicy(wait=wait_none()))
    assert type(error) is ConnectError
    assert "nowhere.invalid" in str(error)
    assert [attempt.outcome for attempt in error.attempts] == ["ConnectError"] * 3
    assert not any(attempt.maybe_charged for attempt in error.attempts)
    assert asked == ["nowhere.invalid"] * 3


@BOTH
@pytest.mark.parametrize("deadline", [None, 0.1])
async def test_slow_name_server_ends_at_the_connect_limit(
    monkeypatch: pytest.MonkeyPatch, streamed: bool, deadline: float | None
) -> None:
    async def hang(*args: Any, **kwargs: Any) -> list[Any]:
        await asyncio.sleep(3600)
        return []

    resolve_by(monkeypatch, hang)
    error = await error_of("http://slow.invalid", streamed, deadline, timeouts=QUICK)
    assert type(error) is (LLMTimeoutError if deadline is None else DeadlineExceededError)
    assert isinstance(error, LLMTimeoutError)
    assert error.phase == ("connect" if deadline is None else "total")


def refusing_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@BOTH
async def test_refused_connection_is_a_connect_error_and_tried_again(streamed: bool) -> None:
    url = f"http://127.0.0.1:{refusing_port()}"
    error = await error_of(url, streamed, retry=RetryPolicy(wait=wait_none()))
    assert type(error) is ConnectError
    assert "refused" in str(error).lower() or "cannot connect" in str(error)
    assert len(error.attempts) == 3
    assert not any(attempt.maybe_charged for attempt in error.attempts)


@BOTH
async def test_syn_without_an_answer_ends_at_the_connect_limit(streamed: bool) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        try:
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(full.getsockname())
            url = f"http://127.0.0.1:{full.getsockname()[1]}"
            error = await error_of(url, streamed, timeouts=QUICK)
        finally:
            for one in waiting:
                one.close()
    assert type(error) is LLMTimeoutError
    assert error.phase == "connect"


@BOTH
async def test_dead_ipv6_address_does_not_hide_a_good_ipv4_one(monkeypatch: pytest.MonkeyPatch, streamed: bool) -> None:
    async def answer(exchange: Exchange) -> None:
        await (
            exchange.answer(b"".join(stream("Hello")), "200 OK", "text/event-stream")
            if streamed
            else exchange.answer(completion())
        )

    async with raw_server(answer) as server:
        port = int(server.url.rpartition(":")[2])
        dead = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0))
        good = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))

        async def both(host: str, *args: Any, **kwargs: Any) -> list[Any]:
            return [good] if host == "127.0.0.1" else [dead] if host == "::1" else [dead, good]

        resolve_by(monkeypatch, both)
        llm = create_openai_llm(MODEL, api_key="k", base_url=f"http://two.invalid:{port}", retry=NO_RETRY)
        async with stopwatch() as watch, llm:
            assert await ask(llm, streamed, LLMContext(timeout_seconds=2)) == "Hello"
            assert watch.own_seconds < MOST_SECONDS


async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer whatever comes, as a server without TLS answers a TLS hello."""
    await reader.read(1000)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    writer.close()


@BOTH
async def test_tls_to_a_server_without_it_is_a_connect_error(streamed: bool) -> None:
    listener = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with listener:
        error = await error_of(f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}", streamed)
    assert type(error) is ConnectError


def server_context(*names: str, **validity: Any) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert(*names, **validity).configure_cert(context)
    return context


def trusting() -> TransportOptions:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return TransportOptions(ssl_context=context)


async def good(exchange: Exchange) -> None:
    await exchange.answer(completion())


@BOTH
async def test_plain_http_to_a_server_with_tls_is_an_error(streamed: bool) -> None:
    async with raw_server(good, server_context("127.0.0.1")) as server:
        error = await error_of(server.url.replace("https", "http"), streamed)
    assert type(error) in (ConnectionLostError, ProtocolError)
    assert not server.exchanges


EXPIRED = {"not_before": datetime.now(UTC) - 2 * HOURS, "not_after": datetime.now(UTC) - HOURS}


@BOTH
@pytest.mark.parametrize(
    ("names", "validity", "trusted", "word"),
    [
        pytest.param(("127.0.0.1",), EXPIRED, True, "expired", id="expired"),
        pytest.param(("other.example",), {}, True, "mismatch", id="wrong host"),
        pytest.param(("127.0.0.1",), {}, False, "unable to get local issuer", id="unknown authority"),
    ],
)
async def test_wrong_certificate_is_a_connect_error_before_anything_is_sent(
    names: tuple[str, ...], validity: dict[str, datetime], trusted: bool, word: str, streamed: bool
) -> None:
    transport = trusting() if trusted else TransportOptions()
    async with raw_server(good, server_context(*names, **validity)) as server:
        error = await error_of(server.url, streamed, transport=transport)
        await connections_gone(server)
    assert type(error) is ConnectError
    assert word in str(error)
    assert not server.exchanges
    assert not error.attempts[0].maybe_charged


@BOTH
async def test_right_certificate_is_trusted(streamed: bool) -> None:
    async def answer(exchange: Exchange) -> None:
        await (
            exchange.answer(b"".join(stream("Hello")), "200 OK", "text/event-stream") if streamed else good(exchange)
        )

    async with raw_server(answer, server_context("127.0.0.1")) as server:
        async with create_openai_llm(MODEL, api_key="k", base_url=server.url, transport=trusting()) as llm:
            assert await ask(llm, streamed, LLMContext(timeout_seconds=2)) == "Hello"
        await connections_gone(server)


@BOTH
async def test_server_that_never_shakes_hands_ends_at_the_connect_limit(streamed: bool) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with listener:
        url = f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        error = await error_of(url, streamed, timeouts=QUICK)
    assert type(error) is LLMTimeoutError
    assert error.phase == "connect"
