"""Configurations that eight processes change at once: nothing lost, nothing stale kept, and how long it takes."""

from __future__ import annotations

from tests.soak.figure import Figure
from tests.soak.kills import sqlite
from tests.soak.limits import percentile, postgresql
from tests.support.contention import Plan, contend_together

PROCESSES = 8
CHANGES = {"PostgreSQL": 10_000, "SQLite": 1_000}
ROUNDS = 50


async def measure(share: float) -> list[Figure]:
    """Both databases."""
    figures = []
    for name, serving in (("PostgreSQL", postgresql), ("SQLite", sqlite)):
        changes = max(2, int(CHANGES[name] / PROCESSES * share))
        async with serving() as url:
            figures.append(await contend(name, Plan(url, changes, max(2, int(ROUNDS * share)), PROCESSES)))
    return figures


async def contend(name: str, plan: Plan) -> Figure:
    """Let processes change the same configurations."""
    outcome = await contend_together(plan)
    times = outcome.change_seconds
    wins = f"{outcome.won} of {plan.rounds * plan.processes} changes of one version kept in {plan.rounds} rounds"
    measured = (
        f"{len(outcome.flaws)} lost or out of order, {outcome.refused:,} stale ones refused and made again; {wins}; "
        f"{len(times) / outcome.seconds:.0f} a second, p50 {percentile(times, 0.5):.0f} ms, "
        f"p99 {percentile(times, 0.99):.0f} ms" + "".join(f"; {flaw}" for flaw in outcome.flaws[:5])
    )
    held = not outcome.flaws and outcome.won == plan.rounds and len(times) == plan.changes * plan.processes
    what = f"{len(times):,} changes by {plan.processes} processes at once: {name}"
    return Figure(what, "none lost, stale ones refused, one wins", measured, held)
