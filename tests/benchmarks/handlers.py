"""What a handler's parts cost a call, each alone and all together, beside the same call of a bare LLM."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

from core.llms import (
    AliasDefinition,
    BreakerPolicy,
    Budget,
    CacheMiddleware,
    HedgePolicy,
    LLMContext,
    OpenTelemetryMiddleware,
    RateLimiter,
    create_llm,
    define_config,
)
from core.llms.handlers.base_handler import AsyncModelHandler
from tests.benchmarks.payloads import MAX_TOKENS
from tests.benchmarks.system import pin_to_cpu
from tests.benchmarks.worker import CLIENT_CPU

AT_ONCE = 16
BARE = "a bare call"
EVERYTHING = "a handler with all of these"
# What it may cost at most, beside a bare call. A benchmark tells whether it does; it never fails by the clock.
MOST_EVERYTHING = 2.0
_ASK = Callable[[str], Awaitable[Any]]


def measure_handlers(address: str, batches: int, rounds: int) -> dict[str, float]:
    """Return the best round's cost of each, in µs of CPU a call, 16 calls at once."""
    pin_to_cpu(CLIENT_CPU)
    return asyncio.run(_measure(address, batches, rounds))


def measure_handlers_apart(address: str, quick: bool) -> dict[str, float]:
    """Measure in a process of its own."""
    sizes = ("1", "1") if quick else ("20", "15")
    command = [sys.executable, "-m", "tests.benchmarks.handlers", address, *sizes]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(ended.stdout)
    return figures


def render_handlers(figures: dict[str, float]) -> str:
    """Write the table, each with its ratio to the bare call."""
    width = max(len(name) for name in figures)
    bare = figures[BARE]
    lines = [f"{name:{width}}  {figure:7.1f}  {figure / bare:5.2f}×" for name, figure in figures.items()]
    missed = "" if figures[EVERYTHING] <= MOST_EVERYTHING * bare else "; missed"
    return "\n".join(["core-llms, handlers (µs of CPU a call)", *lines, f"(goal of all: {MOST_EVERYTHING:g}×{missed})"])


def _parts() -> dict[str, dict[str, Any]]:
    return {
        "with a breaker": {"breaker": BreakerPolicy()},
        "with rate limits": {
            "limits": RateLimiter(requests_per_minute=10**7, tokens_per_minute=10**10, concurrent_requests=100)
        },
        "with a budget": {"budgets": [Budget(usd="100000", per="user", window="day")]},
        "with a fallback": {"fallback": {"m": ["n"]}},
        "with hedging": {"hedging": HedgePolicy()},
        "with OpenTelemetry, no provider set": {"telemetry": OpenTelemetryMiddleware()},
        "with a cache, every call a miss": {"cache": CacheMiddleware()},
    }


async def _measure(address: str, batches: int, rounds: int) -> dict[str, float]:
    registry = {
        alias: define_config(AliasDefinition(alias=alias, provider="openai", model=model, base_url=address))
        for alias, model in (("m", "gpt-4.1-mini"), ("n", "gpt-4.1"))
    }
    parts = _parts()
    everything = {name: value for part in _parts().values() for name, value in part.items()}
    async with AsyncExitStack() as stack:
        llm = await stack.enter_async_context(create_llm("openai/gpt-4.1-mini", base_url=address))
        asks: dict[str, _ASK] = {BARE: lambda prompt: llm.get_answer(prompt, _ctx(), max_tokens=MAX_TOKENS)}
        for name, arguments in {"a handler": {}, **parts, EVERYTHING: everything}.items():
            handler = await stack.enter_async_context(AsyncModelHandler(registry, **arguments))
            asks[name] = _ask(handler)
        return await _compare(asks, batches, rounds)


def _ctx() -> LLMContext:
    return LLMContext(user_id="u1")


def _ask(handler: AsyncModelHandler) -> _ASK:
    return lambda prompt: handler.get_full_response("m", prompt, _ctx(), max_tokens=MAX_TOKENS)


async def _compare(asks: dict[str, _ASK], batches: int, rounds: int) -> dict[str, float]:
    best = dict.fromkeys(asks, float("inf"))
    numbers = count()
    for _ in range(rounds):
        for name, ask in asks.items():
            begin = time.process_time()
            for _ in range(batches):
                # Each prompt is new, so that no cache has its answer.
                await asyncio.gather(*(ask(f"(plain-0) {next(numbers)}") for _ in range(AT_ONCE)))
            best[name] = min(best[name], (time.process_time() - begin) / (batches * AT_ONCE) * 1e6)
    return best


if __name__ == "__main__":
    os.environ["OPENAI_API_KEY"] = "sk-benchmark"
    print(json.dumps(measure_handlers(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
