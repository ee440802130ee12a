"""What the benchmark asks of each client, in the same words."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from tests.benchmarks.payloads import Answer


class Client(Protocol):
    """A client in the hands of a careful user. `kind` says what the server answers: `plain-0`, `burst-2000`."""

    async def call(self, kind: str) -> Answer:
        """Make a plain call and read text and usage."""
        ...

    async def stream(self, kind: str) -> Answer:
        """Make a streamed call, look at every event, and collect text and usage."""
        ...


class ClientModule(Protocol):
    """A module of this package, imported only in the process that measures it."""

    def open_client(self, address: str) -> AbstractAsyncContextManager[Client]:
        """Open a client of the server at `http://host:port`."""
        ...
