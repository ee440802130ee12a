"""A simulator in a thread of its own, with its own event loop, for code that has none."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.server import Simulator


@contextmanager
def running_in_thread(simulator_class: type[Simulator], options: dict[str, Any]) -> Iterator[Simulator]:
    """A started simulator; leaving the block stops it and joins the thread."""
    simulator = simulator_class(**options)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_run, args=(loop,), name="llm-simulator", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(simulator.start(), loop).result()
        yield simulator
    finally:
        asyncio.run_coroutine_threadsafe(simulator.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
