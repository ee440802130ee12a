"""Connectors shared by credentials and address. The last lease closes its connector."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Generic, Protocol, TypeVar


class Closable(Protocol):
    """What can be leased."""

    def close_now(self) -> None:
        """Close without waiting."""
        ...

    async def aclose(self) -> None:
        """Close and wait for it."""
        ...


ConnectorT = TypeVar("ConnectorT", bound=Closable)


class _Shared(Generic[ConnectorT]):
    def __init__(self, key: Hashable, connector: ConnectorT) -> None:
        self.key = key
        self.connector = connector
        self.count = 0


_SHARED: dict[Hashable, _Shared[Closable]] = {}
_LOCK = RLock()  # a finaliser may run inside the very thread that holds it


class Lease(Generic[ConnectorT]):
    """A share in a connector. Dropping it without a word gives it back too."""

    def __init__(self, shared: _Shared[ConnectorT]) -> None:
        shared.count += 1
        self._shared = shared
        self._finalizer = weakref.finalize(self, _give_back_now, shared)
        self._finalizer.atexit = False

    @property
    def connector(self) -> ConnectorT:
        """The connector."""
        return self._shared.connector

    def renew(self) -> Lease[ConnectorT]:
        """Take one more share in the same connector."""
        with _LOCK:
            return Lease(self._shared)

    async def aclose(self) -> None:
        """Give the share back; a second call does nothing."""
        if self._finalizer.detach() is not None and _give_back(self._shared):
            await self._shared.connector.aclose()


def lease_connector(key: Hashable, create: Callable[[], ConnectorT]) -> Lease[ConnectorT]:
    """Share the connector under `key`, made at the first call."""
    with _LOCK:
        shared = _SHARED.get(key)
        if shared is None:
            shared = _SHARED[key] = _Shared(key, create())
        return Lease(shared)  # type: ignore[arg-type]  # the key contains the connector's class


def _give_back(shared: _Shared[Any]) -> bool:
    with _LOCK:
        shared.count -= 1
        if shared.count:
            return False
        _SHARED.pop(shared.key, None)
        return True


def _give_back_now(shared: _Shared[Any]) -> None:
    if _give_back(shared):
        shared.connector.close_now()
