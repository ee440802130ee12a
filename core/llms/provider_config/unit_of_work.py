"""`UnitOfWork`: transactions on behalf of an actor, which write down what is changed, and what is denied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from core.llms.provider_config.access.actors import Actor, as_actor
from core.llms.provider_config.access.grant_rows import read_grants
from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.access.permissions import Permissions
from core.llms.provider_config.audit.entries import AuditRecord
from core.llms.provider_config.audit.writing import append
from core.llms.provider_config.credentials.key_use import KeyUse
from core.llms.provider_config.errors import AccessDeniedError, ConfigValidationError
from core.llms.provider_config.recording import Change, Reading
from core.llms.provider_config.repository import ProviderConfigRepository
from core.llms.storage.base import UnstorableError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


class Sessions(Protocol):
    """What gives sessions: a database, or what stands before one."""

    def reading(self) -> AbstractAsyncContextManager[AsyncSession]: ...

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]: ...


class UnitOfWork:
    """Transactions over one database. Where no actor is given, `default_actor` acts."""

    def __init__(self, sessions: Sessions, keys: KeyUse, default_actor: Actor) -> None:
        self._sessions = sessions
        self._keys = keys
        self._default_actor = default_actor
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    def actor(self, actor: Actor | str | None) -> Actor:
        """Return who acts. Raises `ConfigValidationError` for a name that nobody can have."""
        return as_actor(actor, self._default_actor)

    @asynccontextmanager
    async def reading(self, actor: Actor | str | None) -> AsyncIterator[Reading]:
        """Give a transaction that reads. Raises `StorageError`."""
        acting = self.actor(actor)
        async with self._telling_of_refusals("read"), self._sessions.reading() as session:
            yield Reading(session, await _permissions(session, acting))

    @asynccontextmanager
    async def changing(self, actor: Actor | str | None, action: str) -> AsyncIterator[Change]:
        """Give a transaction that changes, the only one at its time; `action` is what history calls it.

        Raises `StorageError`, and `AuditError` where it cannot be written down; nothing is changed then.
        """
        acting = self.actor(actor)
        # Not within a transaction: a provider of keys may ask over the network.
        key = (await self._keys.current())[1] if await self._keys.is_set() else None
        # Those of this process wait here: with a connection each they would leave none for who reads.
        turn = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        async with self._telling_of_refusals(action), turn, self._sessions.transaction() as session:
            await ProviderConfigRepository(session).wait_for_others()
            # Whoever it waited for may have changed what the actor may do.
            change = Change(session, await _permissions(session, acting), action, key)
            yield change
            await change.save()

    async def require(
        self, actor: Actor | str | None, operation: Operation, scope: Scope, *, is_named: bool = False
    ) -> None:
        """Raise `AccessDeniedError` where an actor may not do something, without a transaction where it is trusted."""
        acting = self.actor(actor)
        if not acting.is_trusted:
            async with self.reading(acting) as reading:
                reading.permissions.require(operation, scope, is_named=is_named)

    @asynccontextmanager
    async def _telling_of_refusals(self, action: str) -> AsyncIterator[None]:
        try:
            yield
        except AccessDeniedError as error:
            await self.write_down(action, [error])
            raise
        except UnstorableError as error:
            # A name to look for, or a moment, which no schema has seen.
            raise ConfigValidationError({"value": str(error)}) from error
        except RecursionError as error:
            raise ConfigValidationError({"value": "it is nested too deeply"}) from error

    async def write_down(self, action: str, denials: Sequence[AccessDeniedError]) -> None:
        """Write into the audit what was denied, in a transaction of its own: that in which it was is undone."""
        records = [
            AuditRecord(
                actor=error.actor,
                action=action,
                kind="access",
                name=error.operation,
                scope=error.scope,
                outcome="denied",
            )
            for error in denials
        ]
        if records:
            async with self._sessions.transaction() as session:
                await append(session, records)


async def _permissions(session: AsyncSession, actor: Actor) -> Permissions:
    return Permissions(actor, () if actor.is_trusted else await read_grants(session, actor.name))
