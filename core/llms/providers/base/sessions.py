"""One HTTP session per running event loop, closed exactly once: with the connector, with its loop, or when dropped."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from aiohttp import ClientSession, TCPConnector

FRESH_CONNECTION: ContextVar[bool] = ContextVar("fresh_connection", default=False)
CONNECTION_WAS_REUSED: ContextVar[bool] = ContextVar("connection_was_reused", default=False)


class TrackingTCPConnector(TCPConnector):
    """aiohttp's connector, which also says whether a connection was used before and can be told to open a new one."""

    async def connect(self, *args: Any, **kwargs: Any) -> Any:
        CONNECTION_WAS_REUSED.set(False)
        return await super().connect(*args, **kwargs)

    async def _get(self, *args: Any, **kwargs: Any) -> Any:
        if FRESH_CONNECTION.get():
            return None
        connection = await super()._get(*args, **kwargs)
        CONNECTION_WAS_REUSED.set(connection is not None)
        return connection

    def close_now(self) -> None:
        """Close every connection without waiting, from outside a coroutine."""
        self._close(abort_ssl=True)


@dataclass(slots=True)
class _Entry:
    loop: asyncio.AbstractEventLoop
    session: ClientSession
    keeper: AsyncGenerator[None, None]


class SessionPool:
    """The sessions of one connector. A loop that ends closes its own; a fork forgets its parent's."""

    def __init__(self, create_session: Callable[[], ClientSession]) -> None:
        self._create_session = create_session
        self._entries: dict[int, _Entry] = {}
        _POOLS.add(self)

    async def get(self) -> ClientSession:
        """Return the running loop's session, opened at the first call."""
        loop = asyncio.get_running_loop()
        entry = self._entries.get(id(loop))
        if entry is not None and entry.loop is loop and not entry.session.closed:
            return entry.session
        return await self._open(loop)

    async def _open(self, loop: asyncio.AbstractEventLoop) -> ClientSession:
        self._forget_closed_loops()
        session = self._create_session()
        keeper = _close_with_loop(session)
        self._entries[id(loop)] = _Entry(loop, session, keeper)
        await anext(keeper)
        return session

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


def _close_entry(entry: _Entry) -> None:
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
_INHERITED: list[_Entry] = []


def _after_fork() -> None:
    for pool in list(_POOLS):
        pool.forget()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
