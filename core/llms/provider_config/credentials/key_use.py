"""`KeyUse`: a provider's keys with the errors that say what is missing, and sessions that are refused without one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.key_sources import FILE_VARIABLE, KEYS_VARIABLE, KeyProvider
from core.llms.provider_config.credentials.rows import CredentialRows
from core.llms.provider_config.errors import EncryptionKeyError
from core.llms.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

_SETTING: Final = f"set {KEYS_VARIABLE} (id:base64, the current one first) or {FILE_VARIABLE}"


class KeyUse:
    """The keys of a provider, which must be there."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider

    async def is_set(self) -> bool:
        """Tell whether there is a current key."""
        return await self._provider.current_id() is not None

    async def current(self) -> tuple[str, EncryptionKey]:
        """Return the key that wraps, with its id. Raises `EncryptionKeyError`."""
        key_id = await self._provider.current_id()
        if key_id is None:
            raise EncryptionKeyError(f"credentials are stored encrypted, and no encryption key is set: {_SETTING}")
        return key_id, await self.key(key_id)

    async def key(self, key_id: str) -> EncryptionKey:
        """Return a key. Raises `EncryptionKeyError`, which names it."""
        key = await self._provider.key(key_id)
        if key is None:
            raise EncryptionKeyError(f"the encryption key {key_id!r} is not set: {_SETTING}", key_id)
        return key


class GuardedSessions:
    """Sessions of a database, refused with `EncryptionKeyError` where credentials are stored and no key is set."""

    def __init__(self, database: Database, keys: KeyUse) -> None:
        self._database = database
        self._keys = keys
        self._has_key = False

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session that reads, as `Database.reading` does."""
        is_open = await self._find_key()
        async with self._database.reading() as session:
            await _require(is_open, session)
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Give a session that writes, as `Database.transaction` does."""
        is_open = await self._find_key()
        async with self._database.transaction() as session:
            await _require(is_open, session)
            yield session

    async def _find_key(self) -> bool:
        # Not within a transaction: a provider of keys may ask over the network.
        self._has_key = self._has_key or await self._keys.is_set()
        return self._has_key


async def _require(has_key: bool, session: AsyncSession) -> None:
    if not has_key and await CredentialRows(session).any():
        raise EncryptionKeyError(f"credentials are stored in this database, and no encryption key is set: {_SETTING}")
