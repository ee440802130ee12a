"""Processes that spend from one budget at once, over real calls. It imports little, so that they start soon."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any, Final

from core.llms import Budget, BudgetExceededError, BudgetsMiddleware, LLMContext
from core.llms.providers.openai import create_openai_llm
from tests.support.budget_stores import opened_store

# "Hi" with `max_tokens=10`: 9 tokens in and 10 out are reserved; the server bills 10 and 5.
RESERVED: Final = Decimal("0.0000196")
COST: Final = Decimal("0.000012")


def budgets(limit: Decimal) -> list[Budget]:
    """What all of them spend from: two accounts, of which the second is never used up."""
    return [Budget(usd=limit, name="shared"), Budget(tokens=10**9, per="user")]


def spend(start: Any, place: str, url: str, limit: Decimal, user: str, at_once: int) -> None:
    """Call until the budget refuses."""
    start.wait(90)
    asyncio.run(_spend(place, url, limit, user, at_once))


async def _spend(place: str, url: str, limit: Decimal, user: str, at_once: int) -> None:
    async with opened_store(place) as store:
        guard = BudgetsMiddleware(budgets(limit), store=store, store_timeout_seconds=60)
        async with create_openai_llm("gpt-4.1-mini", api_key="k", base_url=url, middleware=[guard]) as llm:

            async def call_until_refused() -> None:
                ctx = LLMContext(user_id=user, timeout_seconds=60)
                while True:
                    try:
                        await llm.get_answer(f"{user}", ctx, max_tokens=10)
                    except BudgetExceededError:
                        return

            await asyncio.gather(*(call_until_refused() for _ in range(at_once)))
