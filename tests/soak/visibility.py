"""How soon another process sees a change of a stored configuration, and refuses what was switched off."""

from __future__ import annotations

from collections.abc import Sequence

from tests.soak.figure import Figure
from tests.soak.kills import sqlite
from tests.soak.limits import percentile, postgresql
from tests.support.visibility import watch

CHANGES = 300
MOST_MILLISECONDS = 1_000


async def measure(share: float) -> list[Figure]:
    """Listening, and polling alone."""
    count = max(5, int(CHANGES * share))
    figures = []
    for name, serving, listens in (
        ("PostgreSQL, listening", postgresql, True),
        ("PostgreSQL, polling", postgresql, False),
        ("SQLite, polling", sqlite, False),
    ):
        async with serving() as url:
            figures.append(judge(name, [delay for delay, _ in await watch(url, count, listens=listens)]))
    return figures


def judge(name: str, delays: Sequence[float]) -> Figure:
    """Compare delays, in seconds, with what is promised."""
    highest = percentile(delays, 0.99)
    measured = (
        f"p50 {percentile(delays, 0.5):.0f} ms, p99 {highest:.0f} ms of {len(delays)} changes; switched off, refused"
    )
    what = f"A change that another process sees: {name}"
    return Figure(what, "p99 within 1 s; refused once switched off", measured, highest <= MOST_MILLISECONDS)
