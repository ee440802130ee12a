"""`LaterFlush`: writes what waits in memory every few seconds, in a task beside the calls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from core.llms.errors import LLMError


class LaterFlush:
    """Awaits `flush` every so many seconds for as long as something waits; `wake` says that something does.

    Where it fails a log line says so, once until it works again; whatever waits is tried again.
    """

    def __init__(
        self,
        flush: Callable[[], Awaitable[None]],
        is_waiting: Callable[[], bool],
        seconds: float,
        what: str,
        logger: logging.Logger,
    ) -> None:
        self._flush = flush
        self._is_waiting = is_waiting
        self._seconds = seconds
        self._what = what
        self._logger = logger
        self._task: asyncio.Task[None] | None = None
        self._has_failed = False

    def wake(self) -> None:
        """Begin to wait for the next flush, in the running event loop, unless one is waited for already."""
        task = self._task
        if task is None or task.done() or task.get_loop().is_closed():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """End waiting. What waits is not written by this."""
        task, self._task = self._task, None
        if task is not None and task.get_loop() is asyncio.get_running_loop():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while self._is_waiting():
            await asyncio.sleep(self._seconds)
            try:
                await self._flush()
                self._has_failed = False
            except LLMError as error:
                if not self._has_failed:
                    self._logger.warning("%s cannot be written, and waits in memory: %s", self._what, error)
                self._has_failed = True
