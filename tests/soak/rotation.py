"""Stored credentials that two processes rewrap at once, while others use them and store more."""

from __future__ import annotations

from tests.soak.figure import Figure
from tests.soak.kills import sqlite
from tests.soak.limits import percentile, postgresql
from tests.support.rotation import Plan, rotate_under_load

ROWS = 1_000


async def measure(share: float) -> list[Figure]:
    """Both databases."""
    figures = []
    for name, serving in (("PostgreSQL", postgresql), ("SQLite", sqlite)):
        async with serving() as url:
            figures.append(await rotate(name, Plan(url, max(20, int(ROWS * share)))))
    return figures


async def rotate(name: str, plan: Plan) -> Figure:
    """Change the key of all credentials."""
    outcome = await rotate_under_load(plan)
    reads = outcome.read_seconds
    rewrapped = " and ".join(map(str, outcome.rewrapped))
    measured = (
        f"{outcome.left} left, {len(outcome.flaws)} failures in {len(reads):,} reads; {rewrapped} rewrapped and "
        f"{outcome.stored} stored meanwhile; {sum(outcome.rewrapped) / outcome.seconds:.0f} rows a second; a read took "
        f"{percentile(reads, 0.5):.0f} ms (p50), {percentile(reads, 0.99):.0f} ms (p99)"
        + "".join(f"; {flaw}" for flaw in outcome.flaws[:5])
    )
    what = f"{plan.rows:,} credentials rewrapped by {plan.rotators} processes, used by {plan.readers} others: {name}"
    return Figure(what, "none left under the old key, no read fails", measured, not outcome.left and not outcome.flaws)
