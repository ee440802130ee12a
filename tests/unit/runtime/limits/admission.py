"""Attempts let in by a limiter in virtual time, without an LLM around them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from core.llms import LLMContext, RateLimiter, Target
from core.llms.runtime.limits.meters import Cost
from core.llms.runtime.limits.target_limits import Grant, TargetLimits
from tests.support.virtual_time import virtual_clock

TARGET = Target("p", "m")
ONE = Cost(1, 10, 90)


def limiter(**options: Any) -> RateLimiter:
    return RateLimiter(clock=virtual_clock, **options)


def context(user: str | None = None, seconds: float | None = None, **metadata: Any) -> LLMContext:
    ctx = LLMContext(user_id=user, metadata=metadata)
    if seconds is not None:
        ctx.deadline_monotonic = virtual_clock() + seconds
    return ctx


async def enter(limits: TargetLimits, ctx: LLMContext, cost: Cost = ONE, priority: int = 0) -> Grant:
    return await limits.enter(cost, ctx, TARGET, ctx.user_id, priority)


def start(limits: TargetLimits, log: list[Any], name: Any, **options: Any) -> asyncio.Task[Grant]:
    """Let an attempt ask to be let in; when it is, its name and the time go into the log."""
    ctx = options.pop("ctx", None) or context()

    async def ask() -> Grant:
        grant = await enter(limits, ctx, **options)
        log.append((name, round(virtual_clock() - 1000, 3)))
        return grant

    return asyncio.create_task(ask())


async def settle_down() -> None:
    """Let everything run that needs no time to pass."""
    for _ in range(20):
        await asyncio.sleep(0)


def in_virtual_time(function: Callable[[], Any]) -> Callable[[], None]:
    """Run an async test in a loop whose time passes at once."""
    from tests.support.virtual_time import run_virtually

    def run() -> None:
        run_virtually(function())

    run.__name__, run.__doc__ = function.__name__, function.__doc__
    return run
