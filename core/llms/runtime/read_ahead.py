"""Reading asynchronous items from a thread: one task on the background loop reads a bounded number of them ahead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from queue import SimpleQueue
from typing import Final, Generic, TypeVar

from core.llms.runtime.blocking import BackgroundTask, background_loop

T = TypeVar("T")
_MOST_AHEAD: Final = 256
_CLEANUP_SECONDS: Final = 1.0


class _End:
    """Stands in the queue after the last item, with the error that ended them, if one did."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class ReadAhead(Generic[T]):
    """Gives the items of an asynchronous generator to one thread, in order. Nothing runs before the first `take`.

    A reader that is slow stops the task, and so the vendor, rather than filling memory.
    """

    def __init__(self, items: AsyncGenerator[T, None]) -> None:
        self._items = items
        self._queue: SimpleQueue[T | _End] = SimpleQueue()
        self._room = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: BackgroundTask[None] | None = None
        self._read = self._taken = 0
        self._ended = False

    def take(self) -> T:
        """Wait for the next item. Raises `StopIteration` after the last, and the error that ended them."""
        if self._ended:
            raise StopIteration
        try:
            if self._task is None:
                self._start()
            item = self._queue.get()
        except BaseException:  # Ctrl-C while waiting
            self.close()
            raise
        if isinstance(item, _End):
            self._ended = True
            raise item.error or StopIteration
        self._taken += 1
        if self._loop is not None and self._taken % (_MOST_AHEAD // 2) == 0:
            self._loop.call_soon_threadsafe(self._room.set)
        return item

    def _start(self) -> None:
        self._loop = background_loop()
        self._task = BackgroundTask(self._read_all())
        self._task.start()

    async def _read_all(self) -> None:
        end = _End()
        try:
            async with aclosing(self._items):
                async for item in self._items:
                    self._queue.put(item)
                    self._read += 1
                    await self._wait_for_room()
        except Exception as error:
            end = _End(error)
            raise
        finally:
            self._queue.put(end)

    async def _wait_for_room(self) -> None:
        while self._read - self._taken >= _MOST_AHEAD:
            self._room.clear()
            if self._read - self._taken >= _MOST_AHEAD:
                await self._room.wait()

    def close(self) -> None:
        """Break off what is being read, and wait until it is broken off, a moment at most."""
        self._ended = True
        if self._task is not None:
            self._task.cancel(wait_seconds=_CLEANUP_SECONDS)

    def abandon(self) -> None:
        """Break off without waiting: for a reader that was dropped."""
        self._ended = True
        if self._task is not None:
            self._task.cancel()
