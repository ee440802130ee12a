"""Waiting until nothing is left: connections that a server still has open, tasks that a loop still runs."""

from __future__ import annotations

import asyncio
from typing import Protocol


class Counting(Protocol):
    """A server that knows how many connections are open."""

    open_connections: int


async def connections_gone(server: Counting, seconds: float = 2.0) -> None:
    """Wait until the server has no open connection. Raises `TimeoutError`."""
    async with asyncio.timeout(seconds):
        while server.open_connections:
            await asyncio.sleep(0.002)


def foreign_tasks(known: set[asyncio.Task[object]]) -> set[asyncio.Task[object]]:
    """The tasks of the running loop that were not there before, without the current one."""
    return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()} - known


async def tasks_gone(known: set[asyncio.Task[object]], seconds: float = 2.0) -> None:
    """Wait until the loop runs no task that was not there before. Raises `TimeoutError`."""
    async with asyncio.timeout(seconds):
        while foreign_tasks(known):
            await asyncio.sleep(0.002)
