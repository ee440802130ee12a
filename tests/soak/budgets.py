"""Budgets: eight processes that spend from one at once, one of them killed with calls under way."""

from __future__ import annotations

from tests.soak.figure import Figure
from tests.soak.limits import postgresql, redis
from tests.support.budget_processes import spend_from_many
from tests.support.budget_spenders import COST

PROCESSES = 8
CALLS = 1_000


async def measure(share: float) -> list[Figure]:
    """Measure both stores that processes share."""
    calls = max(100, int(CALLS * share))
    async with postgresql() as place:
        in_postgresql = await share_one_budget("PostgreSQL", place, calls)
    async with redis() as place:
        return [in_postgresql, await share_one_budget("Redis", place, calls)]


async def share_one_budget(name: str, place: str, calls: int, processes: int = PROCESSES) -> Figure:
    """Let processes call until the budget refuses, and compare what was billed with it."""
    spent = await spend_from_many(place, processes, calls * COST)
    return Figure(
        f"One budget for {processes} processes, one of them killed: {name}",
        "$0 above it; less than one call's reservation unused",
        f"${max(0 * COST, spent.billed - spent.limit)} above it: ${spent.billed} of ${spent.limit} billed in "
        f"{spent.calls:,} calls, ${spent.reserved} held for the killed one, ${spent.remaining} unused",
        spent.held,
    )
