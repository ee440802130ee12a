"""Finishing what must not be left half done: in a bounded time, though the task is cancelled meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from time import monotonic
from typing import Any, Final

FINISHING_SECONDS: Final = 1.0

# The loop holds tasks weakly.
_left: set[asyncio.Task[Any]] = set()


async def finish(work: Coroutine[Any, Any, None], seconds: float = FINISHING_SECONDS) -> bool:
    """Do work to its end, for at most so many seconds, and tell whether it ended.

    A cancellation of the task is held back until then, and raised. What the work raises is raised; work that takes
    longer is cancelled, and not waited for.
    """
    task = asyncio.ensure_future(work)
    until = monotonic() + seconds
    cancelled: asyncio.CancelledError | None = None
    while not task.done() and (left := until - monotonic()) > 0:
        try:
            await asyncio.wait((task,), timeout=left)
        except asyncio.CancelledError as error:
            cancelled = error
    if not task.done():
        _leave(task)
    elif not task.cancelled() and (problem := task.exception()) is not None and cancelled is None:
        raise problem
    if cancelled is not None:
        raise cancelled
    return task.done()


def _leave(task: asyncio.Task[Any]) -> None:
    def forget(ended: asyncio.Task[Any]) -> None:
        _left.discard(ended)
        if not ended.cancelled():
            ended.exception()

    _left.add(task)
    task.add_done_callback(forget)
    task.cancel()
