"""Blocking calls of asynchronous code: one event loop for them all, in a thread of its own, begun with the first.

That makes them safe where a loop is running already, and keeps connections open from one call to the next. The thread
is a daemon; at the interpreter's end the loop closes what is open in it. A forked child has a loop of its own.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from typing import Any, Final, Generic, TypeVar

from core.llms.errors import ConfigurationError
from core.llms.runtime.fork_lock import ForkLock

T = TypeVar("T")
_CLEANUP_SECONDS: Final = 1.0
_EXIT_SECONDS: Final = 2.0


class _BackgroundLoop:
    """An event loop that runs in a daemon thread until it is stopped."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._serve, name="core-llms-blocking", daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            self.loop.run_until_complete(self._end_all())
            # Sessions are closed by generators that end with their loop.
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        finally:
            self.loop.close()

    async def _end_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def stop(self) -> None:
        """End the loop and wait for it, a moment at most."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(_EXIT_SECONDS)


_lock = ForkLock()
_current: _BackgroundLoop | None = None
_INHERITED: Final[list[tuple[_BackgroundLoop, set[asyncio.Task[Any]]]]] = []


def background_loop() -> asyncio.AbstractEventLoop:
    """Return the loop of blocking calls, started if need be.

    Raises `ConfigurationError` in that loop's own thread, where a blocking call would wait for itself.
    """
    global _current
    with _lock.held:
        if _current is None:
            _current = _BackgroundLoop()
        background = _current
    if threading.current_thread() is background.thread:
        raise ConfigurationError(
            "a blocking call cannot be made from inside another one (a middleware or a stream): "
            "await the asynchronous method instead"
        )
    return background.loop


def _stop() -> None:
    global _current
    background, _current = _current, None
    if background is not None:
        background.stop()


def _after_fork() -> None:
    global _current
    if _current is not None:
        # Its thread stayed in the parent, and its selector is the parent's too: it is neither used nor closed here.
        _INHERITED.append((_current, asyncio.all_tasks(_current.loop)))
        _keep_beyond_the_end(_INHERITED)
        _current = None


def _keep_beyond_the_end(inherited: object) -> None:
    # Collecting a call that runs in the parent would end it here, in a loop that does not run, and with a complaint.
    import ctypes

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(inherited))


atexit.register(_stop)
if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)


class BackgroundTask(Generic[T]):
    """A coroutine for the background loop, with the context variables of the thread that starts it."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self._coroutine = coroutine
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None
        self._ended: Future[T] = Future()

    def run(self) -> T:
        """Start and wait for the end. Whatever interrupts that, Ctrl-C say, cancels the coroutine."""
        try:
            self.start()
            return self._ended.result()
        except BaseException:
            self.cancel(wait_seconds=_CLEANUP_SECONDS)
            raise

    def start(self) -> None:
        """Begin, and do not wait. Raises `ConfigurationError` as `background_loop` does."""
        try:
            self._loop = background_loop()
        except ConfigurationError:
            self._coroutine.close()
            raise
        self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        assert self._loop is not None
        self._task = self._loop.create_task(self._coroutine)
        self._task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            self._ended.cancel()
        elif (error := task.exception()) is not None:
            self._ended.set_exception(error)
        else:
            self._ended.set_result(task.result())

    def cancel(self, *, wait_seconds: float = 0.0) -> None:
        """Cancel the coroutine, if it has not ended, and give it this long to clean up."""
        if self._loop is None or self._ended.done():
            return
        try:
            self._loop.call_soon_threadsafe(self._cancel)
        except RuntimeError:  # the loop has ended, and the coroutine with it
            return
        if wait_seconds:
            wait_for([self._ended], wait_seconds)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
        elif self._ended.cancel():
            # An interrupt came before the start: what was handed to the loop before this has run by now.
            self._coroutine.close()


def run_blocking(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the background loop and wait for it; also where this thread's own loop is running.

    Raises what the coroutine raises, and `ConfigurationError` from inside the background loop.
    """
    return BackgroundTask(coroutine).run()
