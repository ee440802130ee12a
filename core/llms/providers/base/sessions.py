"""One HTTP session per running event loop, closed exactly once: with the connector, with its loop, or when dropped."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakSet

from aiohttp import ClientSession, ConnectionTimeoutError, TCPConnector

from core.llms.runtime.watchdog import Watchdog

FRESH_CONNECTION: ContextVar[bool] = ContextVar("fresh_connection", default=False)
# What the running request has: no connection yet, so that nothing of it can have been sent; a new one; or a used one.
CONNECTION: ContextVar[Literal["none", "new", "reused"]] = ContextVar("connection", default="new")


class TrackingTCPConnector(TCPConnector):
    """aiohttp's connector, which also says whether a connection was used before and can be told to open a new one.

    `connect_seconds` bounds the opening of a connection: name, TCP, TLS. aiohttp's own limit costs every request a
    timer, also where a connection is at hand.
    """

    def __init__(self, *, connect_seconds: float, **options: Any) -> None:
        super().__init__(**options)
        self._connect_seconds = connect_seconds

    async def _create_connection(self, *args: Any, **kwargs: Any) -> Any:
        try:
            async with asyncio.timeout(self._connect_seconds):
                connection = await super()._create_connection(*args, **kwargs)
        except TimeoutError as error:
            raise ConnectionTimeoutError(f"no connection within {self._connect_seconds} seconds") from error
        CONNECTION.set("new")
        return connection

    async def _get(self, key: Any, traces: Any) -> Any:
        connection = None if FRESH_CONNECTION.get() else await super()._get(key, traces)
        CONNECTION.set("none" if connection is None else "reused")
        return connection

    def close_now(self) -> None:
        """Close every connection without waiting, from outside a coroutine."""
        self._close(abort_ssl=True)


@dataclass(slots=True)
class LoopSession:
    """The session of one event loop, and the watchdog over its waits."""

    loop: asyncio.AbstractEventLoop
    session: ClientSession
    watchdog: Watchdog
    keeper: AsyncGenerator[None, None]


class SessionPool:
    """The sessions of one connector. A loop that ends closes its own; a fork forgets its parent's."""

    def __init__(self, create_session: Callable[[], ClientSession]) -> None:
        self._create_session = create_session
        self._entries: dict[int, LoopSession] = {}
        _POOLS.add(self)

    def current(self) -> LoopSession | None:
        """Return the running loop's session, or None where it is not open."""
        loop = asyncio.get_running_loop()
        entry = self._entries.get(id(loop))
        return entry if entry is not None and entry.loop is loop and not entry.session.closed else None

    async def open(self) -> LoopSession:
        """Open a session for the running loop."""
        loop = asyncio.get_running_loop()
        self._forget_closed_loops()
        session = self._create_session()
        keeper = _close_with_loop(session)
        entry = self._entries[id(loop)] = LoopSession(loop, session, Watchdog(loop), keeper)
        await anext(keeper)
        return entry

    def _forget_closed_loops(self) -> None:
        for key, entry in list(self._entries.items()):
            if entry.loop.is_closed():
                del self._entries[key]
                _close_entry(entry)

    async def aclose(self) -> None:
        """Close the sessions of all loops; the running loop's is awaited."""
        loop = asyncio.get_running_loop()
        entries, self._entries = self._entries, {}
        for entry in entries.values():
            if entry.loop is loop:
                await entry.keeper.aclose()
            else:
                _close_entry(entry)

    def close_now(self) -> None:
        """Close everything without waiting. Safe from a finaliser and from any thread."""
        entries, self._entries = self._entries, {}
        for entry in entries.values():
            _close_entry(entry)

    def forget(self) -> None:
        """Drop the sessions without touching their sockets, which belong to the parent process."""
        _INHERITED.extend(self._entries.values())
        self._entries = {}


async def _close_with_loop(session: ClientSession) -> AsyncGenerator[None, None]:
    # An event loop closes its asynchronous generators before it ends: that is what closes the session in time.
    try:
        yield
    finally:
        await session.close()


def _close_entry(entry: LoopSession) -> None:
    if entry.loop.is_closed() or _is_running_here(entry.loop):
        _close_session(entry.session)
    else:
        try:
            entry.loop.call_soon_threadsafe(_close_session, entry.session)
        except RuntimeError:  # the loop was closed in the meantime
            _close_session(entry.session)


def _is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    return not loop.is_running() or asyncio._get_running_loop() is loop


def _close_session(session: ClientSession) -> None:
    connector = session.connector
    if isinstance(connector, TrackingTCPConnector):
        connector.close_now()
    session.detach()


_POOLS: WeakSet[SessionPool] = WeakSet()
_INHERITED: list[LoopSession] = []


def _after_fork() -> None:
    for pool in list(_POOLS):
        pool.forget()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
