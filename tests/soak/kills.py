"""Registrations by several processes at once, one of which is killed again and again."""

from __future__ import annotations

import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.llms.storage.database import Database
from tests.soak.figure import Figure
from tests.soak.limits import percentile, postgresql
from tests.support.killings import kill_at_random

KILLS = 60
PROCESSES = 3


@asynccontextmanager
async def sqlite() -> AsyncIterator[str]:
    """A file of its own, with the tables."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'core-llms.db'}"
        async with Database(url) as database:
            await database.upgrade()
        yield url


async def measure(share: float) -> list[Figure]:
    """Both databases."""
    kills = max(5, int(KILLS * share))
    figures = []
    for name, serving in (("PostgreSQL", postgresql), ("SQLite", sqlite)):
        async with serving() as url:
            killed = await kill_at_random(url, processes=PROCESSES, kills=kills, moments=random.Random(1))
        waits = killed.seconds_until_changed
        measured = (
            f"{len(killed.flaws)} halves in {killed.registered:,} registrations, {killed.pending} of them pending and "
            f"registered again; the next change took {percentile(waits, 0.5):.0f} ms (p50), at most "
            f"{max(waits) * 1000:.0f} ms" + "".join(f"; {flaw}" for flaw in killed.flaws[:5])
        )
        what = f"{kills} processes killed while they register, of {PROCESSES} at once: {name}"
        figures.append(Figure(what, "no half registration, nothing locked", measured, not killed.flaws))
    return figures
