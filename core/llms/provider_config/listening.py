"""Hearing of changes as they are kept: PostgreSQL's LISTEN. Where there is none, nothing is heard, and polling does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from core.llms.provider_config.repository import CHANNEL
from core.llms.storage.database import Database

_LOG = logging.getLogger("core.llms.provider_config")
_RETRY_SECONDS = 1.0


class ChangeListener:
    """Calls a function, in the event loop it was started in, for every change of stored configurations."""

    def __init__(self, database: Database, on_change: Callable[[], None]) -> None:
        self._database = database
        self._on_change = on_change
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen, in the background; only asyncpg can, which every PostgreSQL is opened with by default."""
        if self._database.url.driver == "asyncpg":
            listening = asyncio.Event()
            self._task = asyncio.create_task(self._listen(listening))
            # A database that is down is waited for in the background.
            with suppress(TimeoutError):
                async with asyncio.timeout(_RETRY_SECONDS):
                    await listening.wait()

    async def aclose(self) -> None:
        """End listening."""
        task, self._task = self._task, None
        if task is not None and task.get_loop() is asyncio.get_running_loop():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _listen(self, listening: asyncio.Event) -> None:
        while True:
            try:
                await self._listen_once(listening)
            except Exception as error:  # noqa: BLE001 - whatever the driver raises, polling goes on meanwhile
                _LOG.debug("not listening for changes: %s", type(error).__name__)
            # What happened in between was not heard.
            self._on_change()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen_once(self, listening: asyncio.Event) -> None:
        import asyncpg

        assert self._database.url.dsn is not None
        connection: Any = await asyncpg.connect(self._database.url.dsn.get_secret_value(), timeout=10)
        closed = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: closed.set())
            await connection.add_listener(CHANNEL, lambda *_: self._on_change())
            listening.set()
            self._on_change()
            await closed.wait()
        finally:
            connection.terminate()
