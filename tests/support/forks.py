"""Processes that begin within milliseconds: copies of one that has imported what they need."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext
from typing import Any

_PRELOADED = ("tests.support.config_processes", "asyncpg", "aiosqlite", "core.llms.storage.migrate")
MOST_SECONDS = 600


def forking() -> ForkServerContext:
    """Return what makes them. They have the environment and the connections of none: what they need is passed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context


def require_ended_well(processes: list[Any]) -> None:
    """Wait until processes end; raise where one fails."""
    for process in processes:
        process.join(MOST_SECONDS)
    codes = [process.exitcode for process in processes]
    if any(codes):
        raise RuntimeError(f"the processes ended with {codes}")
