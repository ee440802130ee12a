"""Cancels a coroutine at a chosen moment: as it waits for the n-th time, or as what it waited for has just come."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any, Literal, TypeAlias, TypeVar

T = TypeVar("T")
Moment: TypeAlias = Literal["waiting", "woken"]


async def cancelled_at(work: Coroutine[Any, Any, T], wait: int, moment: Moment) -> T | None:
    """Run it in a task of its own, cancelled at its n-th wait (from 1).

    Returns None where that ended it, and its result where it was done before. Whatever else it raises is raised.
    """
    task = asyncio.ensure_future(_step(work, wait, moment))
    await asyncio.wait([task])
    return None if task.cancelled() else task.result()


@coroutine
def _stepping(work: Coroutine[Any, Any, T], wait: int, moment: Moment) -> Generator[Any, Any, T]:
    task = asyncio.current_task()
    assert task is not None
    waits = 0
    resume, argument = work.send, None
    try:
        while True:
            awaited = resume(argument)
            waits += 1
            if waits == wait:
                _arrange(task, awaited, moment)
            try:
                resume, argument = work.send, (yield awaited)
            except BaseException as error:  # noqa: BLE001 - it is thrown into the work, which decides
                resume, argument = work.throw, error
    except StopIteration as end:
        result: T = end.value
        return result


def _arrange(task: asyncio.Task[Any], awaited: Any, moment: Moment) -> None:
    if moment == "waiting":
        task.cancel()
    elif awaited is None:
        asyncio.get_running_loop().call_soon(task.cancel)
    else:
        # This callback runs before the one that wakes the task: the result is there, and the task is told to stop.
        awaited.add_done_callback(lambda _: task.cancel())


async def _step(work: Coroutine[Any, Any, T], wait: int, moment: Moment) -> T:
    return await _stepping(work, wait, moment)
