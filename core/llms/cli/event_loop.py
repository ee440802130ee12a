"""Running one coroutine for a command, so that Ctrl-C ends it at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
_CLEANUP_SECONDS = 0.5


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end. Raises `KeyboardInterrupt` after its connections are closed, within half a second.

    `asyncio.run` would let a write that blocks, or a name lookup in a thread, hold an interrupt up.
    """
    loop = asyncio.new_event_loop()
    task = loop.create_task(coroutine)
    try:
        return loop.run_until_complete(task)
    except BaseException:
        _cancel(loop, task)
        raise
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def listen_for_stop() -> asyncio.Event:
    """Return what Ctrl-C and SIGTERM set from now on, instead of ending the running loop."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers; there Ctrl-C interrupts the loop itself.
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)
    return stopped


def _cancel(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    if not task.done():
        task.cancel()
        loop.run_until_complete(asyncio.wait([task], timeout=_CLEANUP_SECONDS))
    if task.done() and not task.cancelled():
        # Retrieved, or asyncio would log it.
        task.exception()
