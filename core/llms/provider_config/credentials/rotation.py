"""Wrapping every data key with the current key-encryption key, while others read and write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from core.llms.provider_config.access.actors import SYSTEM, Actor
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.envelope import Sealed, rewrap
from core.llms.provider_config.credentials.key_use import KeyUse
from core.llms.provider_config.credentials.rows import CredentialRows, place_of, sealed_of
from core.llms.provider_config.credentials.schemas import RotationReport
from core.llms.provider_config.errors import CredentialError, EncryptionKeyError
from core.llms.provider_config.models import Credential
from core.llms.provider_config.revisions.snapshots import CREDENTIAL, scope_of
from core.llms.provider_config.unit_of_work import UnitOfWork

BATCH_SIZE: Final = 100


async def rotate(work: UnitOfWork, keys: KeyUse, batch_size: int, actor: Actor | str | None) -> RotationReport:
    """Wrap anew what other keys wrap, some rows a transaction, until there is none but those that cannot be.

    What was done stays done wherever it ends; to go on is to begin again. Several at once share the rows. Raises
    `EncryptionKeyError` where no key is current.
    """
    rotation = _Rotation(work, *await keys.current(), batch_size, actor)
    while unknown := await rotation.find_unknown_ids():
        for key_id in unknown:
            try:
                rotation.opening[key_id] = await keys.key(key_id)
            except EncryptionKeyError as error:
                rotation.opening[key_id] = error
        while await rotation.rewrap_some():
            continue
    failures = dict(rotation.failures.values())
    return RotationReport(key_id=rotation.key_id, rewrapped=rotation.rewrapped, failures=failures)


@dataclass
class _Rotation:
    """One rotation. `opening` are the keys that rows were wrapped with, by id, or why there is none: they are asked
    for outside of transactions, for that may go over the network.
    """

    work: UnitOfWork
    key_id: str
    key: EncryptionKey
    batch_size: int
    actor: Actor | str | None
    opening: dict[str, EncryptionKey | EncryptionKeyError] = field(default_factory=dict)
    failures: dict[int, tuple[str, str]] = field(default_factory=dict)
    rewrapped: int = 0

    async def find_unknown_ids(self) -> set[str]:
        """Return the ids of keys that wrap and that were not asked for yet."""
        async with self.work.reading(SYSTEM) as reading:
            used = await CredentialRows(reading.session).count_by_key()
        return used.keys() - self.opening.keys() - {self.key_id}

    async def rewrap_some(self) -> bool:
        """Wrap some rows anew, which nobody else changes meanwhile; tell whether there were any."""
        async with self.work.changing(self.actor, "rotate_keys") as change:
            stored = CredentialRows(change.session)
            rows = await stored.list_wrapped(self.opening, without=self.failures, limit=self.batch_size)
            wrapped = self._wrap(rows)
            if wrapped:
                await stored.rewrap(wrapped, datetime.now(UTC))
            for row, _ in wrapped:
                change.note(CREDENTIAL, row.name, scope_of(row), {"key_id": [row.key_id, self.key_id]})
        self.rewrapped += len(wrapped)
        return bool(rows)

    def _wrap(self, rows: Sequence[Credential]) -> list[tuple[Credential, Sealed]]:
        wrapped = []
        for row in rows:
            try:
                wrapped.append((row, self._wrap_one(row)))
            except CredentialError as error:
                self.failures[row.id] = (row.name, error.message)
        return wrapped

    def _wrap_one(self, row: Credential) -> Sealed:
        key = self.opening[row.key_id]
        if isinstance(key, EncryptionKeyError):
            raise key
        return rewrap(sealed_of(row), place_of(row), key, self.key_id, self.key)
