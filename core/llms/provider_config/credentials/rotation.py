"""Wrapping every data key with the current key-encryption key, while others read and write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from core.llms.provider_config.access.actors import SYSTEM, Actor
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.envelope import Sealed, rewrap
from core.llms.provider_config.credentials.key_use import KeyUse
from core.llms.provider_config.credentials.rows import CredentialRows, place_of, sealed_of
from core.llms.provider_config.credentials.schemas import RotationReport
from core.llms.provider_config.errors import CredentialError
from core.llms.provider_config.models import Credential
from core.llms.provider_config.revisions.snapshots import CREDENTIAL, scope_of
from core.llms.provider_config.unit_of_work import UnitOfWork


async def rotate(work: UnitOfWork, keys: KeyUse, batch_size: int, actor: Actor | str | None) -> RotationReport:
    """Wrap anew what other keys wrap, some rows a transaction, until there is none but those that cannot be.

    What was done stays done wherever it ends; to go on is to begin again. A row that is changed meanwhile keeps the
    change, and is looked at once more. Raises `EncryptionKeyError` where no key is current.
    """
    key_id, key = await keys.current()
    rewrapped = 0
    failures: dict[int, tuple[str, str]] = {}
    while rows := await _read_outdated(work, key_id, tuple(failures), batch_size):
        wrapped: list[tuple[Credential, Sealed]] = []
        for row in rows:
            try:
                wrapped.append((row, await _rewrap(row, keys, key_id, key)))
            except CredentialError as error:
                failures[row.id] = (row.name, error.message)
        rewrapped += await _write(work, wrapped, key_id, actor)
    return RotationReport(key_id=key_id, rewrapped=rewrapped, failures=dict(failures.values()))


async def _read_outdated(
    work: UnitOfWork, key_id: str, without: tuple[int, ...], batch_size: int
) -> Sequence[Credential]:
    async with work.reading(SYSTEM) as reading:
        return await CredentialRows(reading.session).list_outdated(key_id, without, batch_size)


async def _rewrap(row: Credential, keys: KeyUse, new_id: str, new_key: EncryptionKey) -> Sealed:
    return rewrap(sealed_of(row), place_of(row), await keys.key(row.key_id), new_id, new_key)


async def _write(
    work: UnitOfWork, wrapped: Sequence[tuple[Credential, Sealed]], key_id: str, actor: Actor | str | None
) -> int:
    if not wrapped:
        return 0
    now = datetime.now(UTC)
    async with work.changing(actor, "rotate_keys") as change:
        rows = CredentialRows(change.session)
        done = [row for row, sealed in wrapped if await rows.rewrap(row, sealed, now)]
        for row in done:
            change.note(CREDENTIAL, row.name, scope_of(row), {"key_id": [row.key_id, key_id]})
        return len(done)
