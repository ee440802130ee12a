"""How many requests a total outage is sent: every one is refused, and retries must not multiply them."""

from __future__ import annotations

import asyncio

from core.llms import LLMError
from core.llms.providers.openai import create_openai_llm
from tests.soak.figure import Figure
from tests.support.raw_server import Exchange, raw_server

CALLS = 10_000
AT_ONCE = 100


async def measure(share: float) -> list[Figure]:
    """Make calls that are all refused with 503, under the default policy, and count what was sent."""
    calls = int(CALLS * share)
    sent = 0

    async def refuse(exchange: Exchange) -> None:
        nonlocal sent
        sent += 1
        await exchange.answer(b"", "503 Service Unavailable")

    places = asyncio.Semaphore(AT_ONCE)
    async with (
        raw_server(refuse) as server,
        create_openai_llm("gpt-4.1-mini", api_key="k", base_url=server.url) as llm,
    ):

        async def call() -> bool:
            async with places:
                try:
                    await llm.get_answer("Hi")
                except LLMError:
                    return True
            return False

        refused = sum(await asyncio.gather(*(call() for _ in range(calls))))
    held = refused == calls and sent <= 1.1 * calls + 10
    measured = f"{sent:,} requests for {calls:,} calls: {sent / calls:.3f}×"
    return [Figure("Amplification in a total outage", "at most 1.1×, plus 10 requests", measured, held)]
