"""An outage that ends: how soon calls succeed again, and whether their retries come as a herd."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

from core.llms import BreakerMiddleware, LLMError, Middleware
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.soak.figure import Figure
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, raw_server

ACCOUNTS = 40
CALLS_A_SECOND = 200
OUTAGE_SECONDS = 5.0
AFTERWARDS_SECONDS = 10.0
BIN_SECONDS = 0.1
ENOUGH = 0.99


@dataclass
class Observation:
    """What was seen. Moments are seconds, counted from the recovery."""

    calls: list[tuple[float, bool]] = field(default_factory=list)
    retries: list[float] = field(default_factory=list)

    @property
    def afterwards(self) -> list[tuple[float, bool]]:
        """The calls begun after the recovery, and whether each succeeded."""
        return [call for call in self.calls if call[0] >= 0]

    def seconds_until_enough(self) -> float | None:
        """The moment from which on enough of the calls that begin succeed; None where there is none."""
        calls = sorted(self.afterwards)
        good = 0
        earliest: float | None = None
        for count, (moment, succeeded) in enumerate(reversed(calls), 1):
            good += succeeded
            earliest = moment if good >= ENOUGH * count else earliest
        return earliest

    def highest_bin(self) -> float:
        """The fullest bin of retries, as a multiple of the mean from the first to the last of them."""
        bins = Counter(int((moment - min(self.retries)) / BIN_SECONDS) for moment in self.retries)
        return max(bins.values()) / (len(self.retries) / (max(bins) + 1))


async def observe(outage_seconds: float, afterwards_seconds: float, middleware: Sequence[Middleware]) -> Observation:
    """Call at a steady pace, from many accounts, while the server is down and after it is up again."""
    seen: set[str] = set()
    observation = Observation()
    recovers_at = monotonic() + outage_seconds

    async def serve(exchange: Exchange) -> None:
        prompt = json.loads(exchange.body)["messages"][0]["content"]
        now = monotonic() - recovers_at
        if prompt in seen:
            observation.retries.append(now)
        seen.add(prompt)
        await (exchange.answer(b"", "503 Service Unavailable") if now < 0 else exchange.answer(completion()))

    async def call(llm: OpenAIBaseLLM, number: int) -> None:
        begin = monotonic() - recovers_at
        try:
            await llm.get_answer(f"Call {number}")
        except LLMError:
            observation.calls.append((begin, False))
        else:
            observation.calls.append((begin, True))

    async with raw_server(serve) as server, asyncio.TaskGroup() as group:
        llms = [
            create_openai_llm("gpt-4.1-mini", api_key=f"k{number}", base_url=server.url, middleware=middleware)
            for number in range(ACCOUNTS)
        ]
        begin = monotonic()
        for number in range(int(CALLS_A_SECOND * (outage_seconds + afterwards_seconds))):
            await asyncio.sleep(max(0.0, begin + number / CALLS_A_SECOND - monotonic()))
            group.create_task(call(llms[number % ACCOUNTS], number))
    for llm in llms:
        await llm.aclose()
    return observation


def judge(title: str, observation: Observation, *, counts_retries: bool) -> Figure:
    """Say whether the promise was held."""
    until = observation.seconds_until_enough()
    measured = "never" if until is None else f"99% of calls succeed from {until:.2f} s after it on"
    promise, held = "at least 99% of calls succeed within 10 s of it", until is not None and until <= 10
    if counts_retries:
        promise += "; no 100 ms of retries above 3× their mean"
        highest = observation.highest_bin()
        measured += f"; {len(observation.retries):,} retries, the fullest 100 ms {highest:.2f}× their mean"
        held = held and highest <= 3
    return Figure(title, promise, measured, held)


async def measure(share: float) -> list[Figure]:
    """An outage, without circuit breakers and with them."""
    bare = await observe(OUTAGE_SECONDS * share, AFTERWARDS_SECONDS * share, ())
    broken = await observe(OUTAGE_SECONDS * share, AFTERWARDS_SECONDS, (BreakerMiddleware(),))
    return [
        judge("Recovery after an outage", bare, counts_retries=True),
        judge("Recovery with circuit breakers", broken, counts_retries=False),
    ]
