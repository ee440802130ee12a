"""Reading and writing the rows of credentials within a transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, func, select, update
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

    async def list_wrapped(
        self, key_ids: Collection[str], *, without: Collection[int], limit: int
    ) -> Sequence[Credential]:
        """Return some credentials that these keys wrap, by id, to be rewrapped in the same transaction."""
        query = _whole().where(Credential.key_id.in_(key_ids), Credential.id.not_in(without))
        return (await self._session.scalars(query.order_by(Credential.id).limit(limit))).all()

    async def rewrap(self, wrapped: Sequence[tuple[Credential, Sealed]], now: datetime) -> None:
        """Exchange the wrapped keys of rows alone."""
        changes = [
            {
                "id": row.id,
                "wrapped_key": sealed.wrapped_key,
                "key_id": sealed.key_id,
                "last_rotated": now,
                # What people call changing it did not happen.
                "updated_at": row.updated_at,
            }
            for row, sealed in wrapped
        ]
        await self._session.execute(update(Credential), changes)


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
