"""Reading and writing the rows of credentials within a transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, cast

from sqlalchemy import CursorResult, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer_group

from core.llms.provider_config.credentials.envelope import Place, Sealed
from core.llms.provider_config.models import Credential

# Every column that holds something encrypted; rotation and tests go by it.
ENCRYPTED_COLUMNS: Final = frozenset({("credentials", "ciphertext"), ("credentials", "wrapped_key")})


class CredentialRows:
    """The credentials of one session, each with what is encrypted."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, name: str) -> Credential | None:
        """Return a credential by name."""
        query = _whole().where(Credential.name == name)
        return (await self._session.scalars(query)).one_or_none()

    async def find_by_id(self, row_id: int) -> Credential | None:
        """Return a credential by id."""
        return (await self._session.scalars(_whole().where(Credential.id == row_id))).one_or_none()

    async def list_all(self) -> Sequence[Credential]:
        """Return all credentials, by name."""
        return (await self._session.scalars(_whole().order_by(Credential.name))).all()

    async def count_by_key(self) -> dict[str, int]:
        """Return the ids of the keys that wrap, each with how many credentials it wraps."""
        query = select(Credential.key_id, func.count()).group_by(Credential.key_id).order_by(Credential.key_id)
        return {row[0]: row[1] for row in await self._session.execute(query)}

    async def any(self) -> bool:
        """Tell whether there is a credential at all."""
        return await self._session.scalar(select(Credential.id).limit(1)) is not None

    async def list_outdated(self, key_id: str, without: Collection[int], limit: int) -> Sequence[Credential]:
        """Return some credentials that another key wraps, by id."""
        query = _whole().where(Credential.key_id != key_id, Credential.id.not_in(without))
        return (await self._session.scalars(query.order_by(Credential.id).limit(limit))).all()

    async def rewrap(self, row: Credential, sealed: Sealed, now: datetime) -> bool:
        """Exchange the wrapped key of a row alone, unless the row was changed since it was read."""
        statement = (
            update(Credential)
            .where(Credential.id == row.id, Credential.wrapped_key == row.wrapped_key)
            .values(
                wrapped_key=sealed.wrapped_key,
                key_id=sealed.key_id,
                last_rotated=now,
                # What people call changing it did not happen.
                updated_at=Credential.updated_at,
            )
            .execution_options(synchronize_session=False)
        )
        return cast("CursorResult[object]", await self._session.execute(statement)).rowcount == 1


def place_of(row: Credential) -> Place:
    """Return where the contents of a row belong."""
    return Place("credentials", row.id, row.name, row.provider, "ciphertext")


def sealed_of(row: Credential) -> Sealed:
    """Return what is encrypted in a row."""
    return Sealed(row.ciphertext, row.nonce, row.wrapped_key, row.key_id, row.algorithm)


def set_sealed(row: Credential, sealed: Sealed) -> None:
    """Put what is encrypted into a row."""
    row.ciphertext, row.nonce, row.wrapped_key = sealed.ciphertext, sealed.nonce, sealed.wrapped_key
    row.key_id, row.algorithm = sealed.key_id, sealed.algorithm


def _whole() -> Select[Credential]:
    # A row that the session has without what is encrypted gets it by this.
    return select(Credential).options(undefer_group("sealed")).execution_options(populate_existing=True)
