"""The network breaks or stalls after the connection came about: faults 9 to 18."""

from __future__ import annotations

import asyncio
from itertools import pairwise

from core.llms import ConnectionLostError, DeadlineExceededError, LLMTimeoutError, ProtocolError, RetryPolicy, Timeouts
from tests.faults.matrix.fault import (
    READ_SECONDS,
    SHORT,
    Fault,
    Interrupted,
    Send,
    body_for,
    hang,
    head,
    is_streamed,
    whole,
)
from tests.faults.matrix.places import resetting_uploads
from tests.support.chat_bytes import chunk, completion, stream
from tests.support.raw_server import Exchange

HALF = chunk({"role": "assistant", "content": ""}) + chunk({"content": "Half"})
CUT = Interrupted("Half", ConnectionLostError)


def first_half(exchange: Exchange) -> bytes:
    return HALF if is_streamed(exchange) else completion()[:60]


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
    body = body_for(exchange, "Half", " whole")
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
    await trickle(exchange, body_for(exchange, "Half", " whole"))


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


async def stale(exchange: Exchange, send: Send) -> None:
    """Close a kept connection while the next request is on its way."""
    if exchange.number % 2 == 0:
        exchange.writer.close()
    else:
        await whole(exchange, send)


async def closed_while_idle(exchange: Exchange, send: Send) -> None:
    await whole(exchange, send)
    exchange.writer.close()


FAULTS = (
    Fault(9, "accepted, no answer", hang, LLMTimeoutError, LLMTimeoutError, SHORT),
    Fault(9, "no answer before the deadline", hang, DeadlineExceededError, DeadlineExceededError, timeout_seconds=0.15),
    Fault(10, "reset once the request is there", reset_at_once, ConnectionLostError, ConnectionLostError),
    Fault(10, "end once the request is there", end_at_once, ConnectionLostError, ConnectionLostError),
    Fault(11, "reset in the head", reset_in_head, ConnectionLostError, ConnectionLostError),
    Fault(11, "end in the head", end_in_head, ConnectionLostError, ConnectionLostError),
    Fault(12, "reset in the body", reset_in_body, ConnectionLostError, CUT),
    Fault(13, "end in a body of known length", end_in_body_of_known_length, ConnectionLostError, CUT),
    Fault(
        13,
        "one byte short",
        end_one_byte_short,
        ConnectionLostError,
        Interrupted("Half whole", ConnectionLostError, "stop"),
    ),
    Fault(14, "chunked body without its end", end_in_chunked_body, ConnectionLostError, CUT),
    Fault(14, "end inside a chunk", end_inside_a_chunk, ConnectionLostError, CUT),
    Fault(
        15, "close-delimited body cut", end_in_close_delimited_body, ProtocolError, Interrupted("Half", ProtocolError)
    ),
    Fault(
        15,
        "close-delimited body reset",
        reset_in_close_delimited_body,
        (ConnectionLostError, ProtocolError),
        (CUT, Interrupted("Half", ProtocolError)),
    ),
    Fault(17, "slow head", slow_head, LLMTimeoutError, LLMTimeoutError, SHORT),
    Fault(18, "slow body", slow_body, DeadlineExceededError, Interrupted("Half", LLMTimeoutError), SHORT),
    Fault(
        18,
        "slow body and a deadline",
        slow_body,
        DeadlineExceededError,
        Interrupted("Half", DeadlineExceededError),
        timeout_seconds=0.2,
    ),
    Fault(18, "body that stops", stopped_body, DeadlineExceededError, Interrupted("Half", LLMTimeoutError), SHORT),
    Fault(18, "slow but steady", slow_but_steady, None, "Hello", STEADY),
    Fault(
        10,
        "upload that is reset",
        whole,
        ConnectionLostError,
        ConnectionLostError,
        place=resetting_uploads,
        prompt="long " * 2_000_000,
        requests=0,
        attempts=1,
        maybe_charged=True,
        most_seconds=4,
    ),
    Fault(16, "stale connection", stale, "Hello", "Hello", calls=4, requests=7, retry=RetryPolicy()),
    Fault(16, "closed while idle", closed_while_idle, "Hello", "Hello", calls=3, requests=3, retry=RetryPolicy()),
)
