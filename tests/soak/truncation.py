"""Streams that are cut at any byte, in every framing and on two wires: none may pass for a whole answer."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from core.llms import NO_RETRY, LLMError
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.soak.figure import Figure
from tests.support import chat_bytes, response_bytes
from tests.support.raw_server import Exchange, raw_server

STREAMS = 10_000
AT_ONCE = 50
WORDS = ("One", " two", " three", " four", " five", " six", " seven", " eight")
BODIES = {"chat": b"".join(chat_bytes.stream(*WORDS)), "responses": b"".join(response_bytes.stream(*WORDS))}
SEED = 20_260


async def cut(exchange: Exchange, number: int) -> None:
    """Send a stream up to a random byte, framed in one of three ways, and end the connection in one of two."""
    rounds = random.Random(SEED + number)
    body = BODIES["responses" if b"/responses" in exchange.head.split(b"\r\n", 1)[0] else "chat"]
    part = body[: rounds.randrange(len(body))]
    framing = rounds.choice(["Connection: close", f"Content-Length: {len(body)}", "Transfer-Encoding: chunked"])
    if framing.startswith("Transfer"):
        part = b"%x\r\n" % len(body) + part
    await exchange.send(f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{framing}\r\n\r\n".encode())
    middle = rounds.randrange(len(part) + 1)
    for piece in (part[:middle], part[middle:]):
        await exchange.send(piece)
        await asyncio.sleep(0)
    if rounds.random() < 0.5:
        exchange.reset()
    else:
        exchange.writer.close()


async def read(llm: OpenAIBaseLLM) -> str:
    """Read a stream to its end, and say how it ended."""
    try:
        response = await llm.stream_answer("Count").get_response()
    except LLMError as error:
        return type(error).__name__
    return "whole" if response.text == "".join(WORDS) else "short"


async def measure(share: float) -> list[Figure]:
    """Read streams that are all cut, and count those that ended as if they were not."""
    streams = int(STREAMS * share)
    places = asyncio.Semaphore(AT_ONCE)
    count = 0

    async def serve(exchange: Exchange) -> None:
        nonlocal count
        count += 1
        await cut(exchange, count)

    async with raw_server(serve) as server:
        llms = [
            create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url, wire=wire, retry=NO_RETRY)
            for wire in BODIES
        ]

        async def one(number: int) -> str:
            async with places:
                return await read(llms[number % len(llms)])

        endings = Counter(await asyncio.gather(*(one(number) for number in range(streams))))
        for llm in llms:
            await llm.aclose()
    errors = ", ".join(f"{number:,} {name}" for name, number in endings.most_common() if name not in ("whole", "short"))
    measured = f"{endings['short']} of {streams:,}; {errors}; in {endings['whole']:,} nothing of the text was missing"
    held = endings["short"] == 0 and count == streams and endings["whole"] < streams / 2
    return [Figure("Cut streams that pass for whole ones", "0 of 10,000", measured, held)]
