"""Sessions, loops and leases on real sockets: nothing is left open, and nothing is closed twice."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator

import pytest

from core.llms import ConnectionLostError, LLMTimeoutError, ResponseTooLargeError, Secret, Timeouts, TransportOptions
from core.llms.providers.base.auth import KeyAuth
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.leases import lease_connector
from tests.support.raw_server import Exchange, RawServer, raw_server


def connector(url: str, **settings: object) -> BaseConnector:
    return BaseConnector(base_url=url, auth=KeyAuth(Secret("k")), **settings)  # type: ignore[arg-type]


async def ok(exchange: Exchange) -> None:
    await exchange.answer(b'{"ok": true}')


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with raw_server(ok) as running:
        yield running


async def test_connection_is_reused_between_requests(server: RawServer) -> None:
    one = connector(server.url)
    for _ in range(3):
        assert (await one.request("POST", "/x", {"a": 1})).json() == {"ok": True}
    assert (len(server.exchanges), server.connections) == (3, 1)
    await one.aclose()


async def test_large_body_arrives_whole_with_its_length(server: RawServer) -> None:
    one = connector(server.url)
    text = "x" * 3_000_000
    assert (await one.request("POST", "/x", {"text": text})).ok
    (exchange,) = server.exchanges
    assert exchange.body == f'{{"text":"{text}"}}'.encode()
    await one.aclose()


async def test_fresh_connection_is_opened_when_asked(server: RawServer) -> None:
    one = connector(server.url)
    await one.request("POST", "/x", {})
    await one.request("POST", "/x", {}, fresh_connection=True)
    assert server.connections == 2
    await one.aclose()


async def test_connector_works_again_after_closing(server: RawServer) -> None:
    one = connector(server.url)
    await one.request("POST", "/x", {})
    await one.aclose()
    assert (await one.request("POST", "/x", {})).ok
    await one.aclose()


def test_two_event_loops_in_a_row_leave_nothing_open() -> None:
    import threading

    ready, done = threading.Event(), threading.Event()
    urls: list[str] = []

    def serve() -> None:
        async def run() -> None:
            async with raw_server(ok) as running:
                urls.append(running.url)
                ready.set()
                await asyncio.to_thread(done.wait)

        asyncio.run(run())

    thread = threading.Thread(target=serve)
    thread.start()
    ready.wait()
    one = connector(urls[0])

    async def call() -> bool:
        return (await one.request("POST", "/x", {})).ok

    try:
        assert asyncio.run(call())
        assert asyncio.run(call())
        gc.collect()
    finally:
        done.set()
        thread.join()


async def test_dropped_connector_closes_its_sockets_without_a_warning(server: RawServer) -> None:
    lease = lease_connector("dropped", lambda: connector(server.url))
    await lease.connector.request("POST", "/x", {})
    assert server.open_connections == 1
    del lease
    gc.collect()
    async with asyncio.timeout(2):
        while server.open_connections:
            await asyncio.sleep(0.005)


async def test_last_lease_closes_and_an_earlier_one_does_not(server: RawServer) -> None:
    made: list[BaseConnector] = []

    def create() -> BaseConnector:
        made.append(connector(server.url))
        return made[-1]

    first, second = lease_connector("key", create), lease_connector("key", create)
    assert first.connector is second.connector
    await first.connector.request("POST", "/x", {})
    await first.aclose()
    await first.aclose()
    assert (await second.connector.request("POST", "/x", {})).ok
    assert server.connections == 1
    await second.aclose()
    third = lease_connector("key", create)
    assert len(made) == 2
    await third.aclose()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
async def test_fork_opens_its_own_connection_and_leaves_the_parents(server: RawServer) -> None:
    one = connector(server.url)
    await one.request("POST", "/x", {})
    child = os.fork()
    if child == 0:
        os._exit(0 if not one._sessions._entries else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert (await one.request("POST", "/x", {})).ok
    assert server.connections == 1
    await one.aclose()


async def test_reused_connection_that_the_server_closed_is_told_apart() -> None:
    async def close_second(exchange: Exchange) -> None:
        if exchange.number == 2:
            exchange.writer.close()
        else:
            await exchange.answer(b"{}")

    async with raw_server(close_second) as running:
        one = connector(running.url)
        await one.request("POST", "/x", {})
        with pytest.raises(ConnectionLostError) as caught:
            await one.request("POST", "/x", {})
        assert caught.value.reused_connection is True
        await one.aclose()


async def test_new_connection_that_is_reset_is_not_called_reused() -> None:
    async def reset(exchange: Exchange) -> None:
        exchange.reset()

    async with raw_server(reset) as running:
        one = connector(running.url)
        with pytest.raises(ConnectionLostError) as caught:
            await one.request("POST", "/x", {})
        assert caught.value.reused_connection is False
        await one.aclose()


async def test_answer_larger_than_the_cap_is_refused() -> None:
    async def large(exchange: Exchange) -> None:
        await exchange.answer(b"x" * 200_000)

    async with raw_server(large) as running:
        one = connector(running.url, transport=TransportOptions(max_response_bytes=100_000))
        with pytest.raises(ResponseTooLargeError, match="larger than 100000 bytes"):
            await one.request("POST", "/x", {})
        await one.aclose()
        async with asyncio.timeout(2):
            while running.open_connections:
                await asyncio.sleep(0.005)


async def test_gzip_bomb_is_refused_at_the_cap() -> None:
    import gzip

    bomb = gzip.compress(b"\0" * 50_000_000)

    async def answer(exchange: Exchange) -> None:
        await exchange.answer(bomb, "200 OK", "application/json", "Content-Encoding: gzip")

    async with raw_server(answer) as running:
        one = connector(running.url, transport=TransportOptions(max_response_bytes=1_000_000))
        with pytest.raises(ResponseTooLargeError):
            await one.request("POST", "/x", {})
        await one.aclose()


async def test_first_event_limit_ends_a_call_that_is_not_answered() -> None:
    async def hang(exchange: Exchange) -> None:
        await exchange.client_gone()

    async with raw_server(hang) as running:
        one = connector(running.url, timeouts=Timeouts(first_event=0.1))
        with pytest.raises(LLMTimeoutError, match="did not begin to answer in time") as caught:
            await one.request("POST", "/x", {})
        assert caught.value.phase == "first event"
        async with asyncio.timeout(2):
            while running.open_connections:
                await asyncio.sleep(0.005)
        await one.aclose()


async def test_trickling_comments_do_not_hold_a_stream_open() -> None:
    async def trickle(exchange: Exchange) -> None:
        await exchange.begin_stream()
        while True:
            await exchange.send(b": ping\n\n")
            await asyncio.sleep(0.02)

    async with raw_server(trickle) as running:
        one = connector(running.url, timeouts=Timeouts(between_events=0.2))
        stream = await one.stream("POST", "/x", {})
        await stream.read()
        stream.mark_progress()
        with pytest.raises(LLMTimeoutError) as caught:
            while True:
                await stream.read()
        assert caught.value.phase == "between events"
        stream.close()
        await one.aclose()


async def test_slow_consumer_is_not_taken_for_a_slow_vendor() -> None:
    release = asyncio.Event()

    async def two_parts(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.send(b"data: 1\n\n")
        await release.wait()
        await exchange.send(b"data: 2\n\n")

    async with raw_server(two_parts) as running:
        one = connector(running.url, timeouts=Timeouts(between_events=0.15))
        stream = await one.stream("POST", "/x", {})
        assert await stream.read() == b"data: 1\n\n"
        stream.mark_progress()
        await asyncio.sleep(0.3)
        asyncio.get_running_loop().call_later(0.05, release.set)
        assert await stream.read() == b"data: 2\n\n"
        stream.close()
        await one.aclose()
