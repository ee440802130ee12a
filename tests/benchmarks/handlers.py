"""What a handler's parts cost a call, each alone and all together, beside the same call of a bare LLM."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from itertools import count
from math import inf
from time import perf_counter, process_time
from typing import Any, TypeAlias

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


@dataclass
class Cost:
    """The best round's cost of a call in µs: of CPU, 16 calls at once, and as its caller waits, one after the other."""

    cpu: float = inf
    waited: float = inf


Costs: TypeAlias = dict[str, Cost]


def measure_handlers(address: str, batches: int, rounds: int) -> Costs:
    """Measure each in turn, round by round."""
    pin_to_cpu(CLIENT_CPU)
    return asyncio.run(_measure(address, batches, rounds))


def measure_handlers_apart(address: str, quick: bool) -> Costs:
    """Measure in a process of its own."""
    sizes = ("1", "1") if quick else ("20", "15")
    command = [sys.executable, "-m", "tests.benchmarks.handlers", address, *sizes]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: Cost(**figures) for name, figures in json.loads(ended.stdout).items()}


def render_handlers(costs: Costs) -> str:
    """Write the table, each with its ratios to the bare call."""
    width = max(len(name) for name in costs)
    bare = costs[BARE]
    lines = [
        f"{name:{width}}  " + "  ".join(f"{own:7.1f}  {own / of_bare:5.2f}×" for own, of_bare in _pairs(cost, bare))
        for name, cost in costs.items()
    ]
    missed = "" if costs[EVERYTHING].cpu <= MOST_EVERYTHING * bare.cpu else "; missed in CPU"
    head = f"core-llms, handlers: µs of CPU a call, {AT_ONCE} at once; µs until its answer, one after the other"
    return "\n".join([head, *lines, f"(goal of all: {MOST_EVERYTHING:g}×{missed})"])


def _pairs(cost: Cost, bare: Cost) -> Iterable[tuple[float, float]]:
    return (cost.cpu, bare.cpu), (cost.waited, bare.waited)


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


async def _measure(address: str, batches: int, rounds: int) -> Costs:
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


async def _compare(asks: dict[str, _ASK], batches: int, rounds: int) -> Costs:
    costs = {name: Cost() for name in asks}
    # Each prompt is new, so that no cache has its answer.
    prompts = (f"(plain-0) {number}" for number in count())
    for _ in range(rounds):
        for name, ask in asks.items():
            cost = costs[name]
            cost.cpu = min(cost.cpu, await _time(process_time, _ask_at_once, batches, ask, prompts))
            cost.waited = min(cost.waited, await _time(perf_counter, _ask_in_turn, batches, ask, prompts))
    return costs


async def _time(
    clock: Callable[[], float],
    run: Callable[[_ASK, Iterator[str]], Awaitable[None]],
    batches: int,
    ask: _ASK,
    prompts: Iterator[str],
) -> float:
    begin = clock()
    for _ in range(batches):
        await run(ask, prompts)
    return (clock() - begin) / (batches * AT_ONCE) * 1e6


async def _ask_at_once(ask: _ASK, prompts: Iterator[str]) -> None:
    await asyncio.gather(*(ask(next(prompts)) for _ in range(AT_ONCE)))


async def _ask_in_turn(ask: _ASK, prompts: Iterator[str]) -> None:
    for _ in range(AT_ONCE):
        await ask(next(prompts))


if __name__ == "__main__":
    os.environ["OPENAI_API_KEY"] = "sk-benchmark"
    measured = measure_handlers(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({name: asdict(cost) for name, cost in measured.items()}))
