"""One task for all who wait for the same thing, such as a renewed token: begun once, broken off by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from copy import copy
from typing import Any
from weakref import WeakKeyDictionary

from core.llms.errors import LLMError


class SingleFlight:
    """Does a piece of work at most once at a time in each event loop, however many ask for it."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._tasks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()

    def start(self) -> asyncio.Task[None]:
        """Begin the work, or join what has begun. Nobody has to look at the outcome."""
        loop = asyncio.get_running_loop()
        task = self._tasks.get(loop)
        if task is None or task.done():
            task = self._tasks[loop] = loop.create_task(self._work())
            task.add_done_callback(self._end)
        return task

    async def wait(self) -> None:
        """Wait for the work to be done. Raises its error, of which each caller has a copy of its own."""
        try:
            # A caller that gives up does not take the others' work with it.
            await asyncio.shield(self.start())
        except LLMError as error:
            raise copy(error) from error

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task.get_loop(), None)
        if not task.cancelled():
            task.exception()  # else a failure that nobody waits for is reported as lost
