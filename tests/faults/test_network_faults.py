"""The network breaks or stalls after the connection came about: faults 9 to 18 of the matrix."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from tenacity import wait_none

from core.llms import (
    NO_RETRY,
    ConnectionLostError,
    DeadlineExceededError,
    LLMContext,
    LLMTimeoutError,
    ProtocolError,
    RetryPolicy,
    Timeouts,
)
from core.llms.providers.openai import create_openai_llm
from tests.faults.harness import MODEL, SHORT, Fault, Interrupted, Send, Serve, ask, cases, check, head, is_streamed
from tests.support.chat_bytes import chunk, completion, stream
from tests.support.raw_server import Exchange, raw_server
from tests.support.settling import connections_gone

# Long enough for a client of the same machine to read what was sent before the connection breaks.
READ_SECONDS = 0.02
HALF = chunk({"role": "assistant", "content": ""}) + chunk({"content": "Half"})
CUT = Interrupted("Half", ConnectionLostError)


def body_for(exchange: Exchange) -> bytes:
    return b"".join(stream("Half", " whole")) if is_streamed(exchange) else completion("Half whole")


def first_half(exchange: Exchange) -> bytes:
    return HALF if is_streamed(exchange) else completion()[:60]


async def hang(exchange: Exchange, send: Send) -> None:
    await exchange.client_gone()


async def reset_in_head(exchange: Exchange, send: Send) -> None:
    await send(b"HTTP/1.1 200 OK\r\nContent-Le")
    await asyncio.sleep(READ_SECONDS)
    exchange.reset()


async def end_in_head(exchange: Exchange, send: Send) -> None:
    await send(b"HTTP/1.1 200 OK\r\nContent-Le")
    exchange.writer.close()


async def reset_at_once(exchange: Exchange, send: Send) -> None:
    exchange.reset()


async def end_at_once(exchange: Exchange, send: Send) -> None:
    exchange.writer.close()


async def reset_in_body(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Content-Length: 5000") + first_half(exchange))
    await asyncio.sleep(READ_SECONDS)
    exchange.reset()


async def end_in_body_of_known_length(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, f"Content-Length: {len(first_half(exchange)) + 1}") + first_half(exchange))
    await asyncio.sleep(READ_SECONDS)
    exchange.writer.close()


async def end_one_byte_short(exchange: Exchange, send: Send) -> None:
    body = body_for(exchange)
    await send(head(exchange, f"Content-Length: {len(body)}") + body[:-1])
    exchange.writer.close()


def chunked(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def end_in_chunked_body(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Transfer-Encoding: chunked") + chunked(first_half(exchange)))
    await asyncio.sleep(READ_SECONDS)
    exchange.writer.close()


async def end_inside_a_chunk(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Transfer-Encoding: chunked") + chunked(first_half(exchange)) + b"400\r\n{")
    await asyncio.sleep(READ_SECONDS)
    exchange.writer.close()


async def end_in_close_delimited_body(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Connection: close") + first_half(exchange))
    await asyncio.sleep(READ_SECONDS)
    exchange.writer.close()


async def reset_in_close_delimited_body(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Connection: close") + first_half(exchange))
    await asyncio.sleep(READ_SECONDS)
    exchange.reset()


async def trickle(exchange: Exchange, data: bytes) -> None:
    """Send a byte at a time, slower than any limit allows."""
    try:
        for start, end in pairwise(range(len(data) + 1)):
            await exchange.send(data[start:end])
            await asyncio.sleep(0.05)
    except ConnectionError:
        return


async def slow_head(exchange: Exchange, send: Send) -> None:
    await trickle(exchange, head(exchange, "Content-Length: 5000"))


async def slow_body(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Connection: close") + first_half(exchange))
    await asyncio.sleep(READ_SECONDS)
    await trickle(exchange, body_for(exchange))


async def stopped_body(exchange: Exchange, send: Send) -> None:
    await send(head(exchange, "Connection: close") + first_half(exchange))
    await exchange.client_gone()


async def slow_but_steady(exchange: Exchange, send: Send) -> None:
    """A whole stream takes longer than any gap may, and no gap does."""
    await send(head(exchange, "Connection: close"))
    for event in stream(*"Hello"):
        await asyncio.sleep(0.1)
        await send(event)
    exchange.writer.close()


STEADY = Timeouts(connect=5, first_event=0.6, between_events=0.6, total=30)  # eight events take 0.8 seconds

FAULTS = (
    Fault("9 accepted, no answer", hang, LLMTimeoutError, LLMTimeoutError, SHORT),
    Fault("9 no answer before the deadline", hang, DeadlineExceededError, DeadlineExceededError, timeout_seconds=0.15),
    Fault("10 reset once the request is there", reset_at_once, ConnectionLostError, ConnectionLostError),
    Fault("10 end once the request is there", end_at_once, ConnectionLostError, ConnectionLostError),
    Fault("11 reset in the head", reset_in_head, ConnectionLostError, ConnectionLostError),
    Fault("11 end in the head", end_in_head, ConnectionLostError, ConnectionLostError),
    Fault("12 reset in the body", reset_in_body, ConnectionLostError, CUT),
    Fault("13 end in a body of known length", end_in_body_of_known_length, ConnectionLostError, CUT),
    Fault(
        "13 one byte short",
        end_one_byte_short,
        ConnectionLostError,
        Interrupted("Half whole", ConnectionLostError, "stop"),
    ),
    Fault("14 chunked body without its end", end_in_chunked_body, ConnectionLostError, CUT),
    Fault("14 end inside a chunk", end_inside_a_chunk, ConnectionLostError, CUT),
    Fault(
        "15 close-delimited body cut", end_in_close_delimited_body, ProtocolError, Interrupted("Half", ProtocolError)
    ),
    Fault(
        "15 close-delimited body reset",
        reset_in_close_delimited_body,
        (ConnectionLostError, ProtocolError),
        (CUT, Interrupted("Half", ProtocolError)),
    ),
    Fault("17 slow head", slow_head, LLMTimeoutError, LLMTimeoutError, SHORT),
    Fault("18 slow body", slow_body, DeadlineExceededError, Interrupted("Half", LLMTimeoutError), SHORT),
    Fault(
        "18 slow body and a deadline",
        slow_body,
        DeadlineExceededError,
        Interrupted("Half", DeadlineExceededError),
        timeout_seconds=0.2,
    ),
    Fault("18 body that stops", stopped_body, DeadlineExceededError, Interrupted("Half", LLMTimeoutError), SHORT),
    Fault("18 slow but steady", slow_but_steady, None, "Hello", STEADY),
)


@pytest.mark.parametrize(("fault", "streamed", "seed"), cases(*FAULTS))
async def test_network_fault_ends_as_it_must(fault: Fault, streamed: bool, seed: int | None) -> None:
    await check(fault, streamed, seed)


async def test_stale_connection_is_replaced_without_anybody_noticing() -> None:
    """Fault 16: the server closes a kept connection while the next request is on its way."""

    async def serve(exchange: Exchange) -> None:
        if exchange.number % 2 == 0:
            exchange.writer.close()
        elif is_streamed(exchange):
            body = b"".join(stream("Hello"))
            await exchange.send(head(exchange, f"Content-Length: {len(body)}") + body)
        else:
            await exchange.answer(completion())

    async with raw_server(serve) as server, create_openai_llm(MODEL, api_key="k", base_url=server.url) as llm:
        for streamed in (False, True, False, True):
            assert await ask(llm, streamed, LLMContext(timeout_seconds=1)) == "Hello"
    assert len(server.exchanges) == 7


async def test_connection_that_the_server_closed_while_idle_is_not_used_again() -> None:
    async def serve(exchange: Exchange) -> None:
        await exchange.answer(completion())
        exchange.writer.close()

    async with (
        raw_server(serve) as server,
        create_openai_llm(MODEL, api_key="k", base_url=server.url, retry=NO_RETRY) as llm,
    ):
        for _ in range(3):
            assert (await llm.get_answer("Hi")).text == "Hello"
            await connections_gone(server)
            await asyncio.sleep(READ_SECONDS)
    assert server.connections == 3


async def test_upload_that_is_reset_is_a_lost_connection() -> None:
    """Fault 10: the server resets while megabytes of the request are still to come."""

    async def reset_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(70_000)
        Exchange(reader, writer, b"", b"", 1, 1).reset()

    listener = await asyncio.start_server(reset_early, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener, create_openai_llm(MODEL, api_key="k", base_url=url, retry=NO_RETRY) as llm:
        for streamed in (False, True):
            with pytest.raises(ConnectionLostError) as caught:
                await ask(llm, streamed, LLMContext(timeout_seconds=2), "long " * 2_000_000)
            assert caught.value.attempts[0].maybe_charged


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(
    "serve", [reset_at_once, end_in_head, reset_in_head, end_in_chunked_body, end_in_close_delimited_body]
)
async def test_answer_comes_after_one_broken_connection(serve: Serve, streamed: bool) -> None:
    """What broke before anything reached the caller is tried again once; a stream that had begun is not."""

    async def first_broken(exchange: Exchange, send: Send) -> None:
        if exchange.number == 1:
            await serve(exchange, send)
        else:
            await send(head(exchange, "Connection: close") + body_for(exchange))
            exchange.writer.close()

    had_begun = streamed and serve in (end_in_chunked_body, end_in_close_delimited_body)
    cause = ProtocolError if serve is end_in_close_delimited_body else ConnectionLostError
    ending = Interrupted("Half", cause) if had_begun else "Half whole"
    server = await check(Fault("once", first_broken, ending, ending), streamed, None, RetryPolicy(wait=wait_none()))
    assert len(server.exchanges) == (1 if had_begun else 2)
