"""Appending to the audit, within the transaction of what is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from typing import Final, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.audit.entries import AuditEntry, AuditRecord, Outcome
from core.llms.provider_config.errors import AuditError
from core.llms.provider_config.models import AuditEntryRow, AuditHead

HEAD_ID: Final = 1


async def append(session: AsyncSession, records: Sequence[AuditRecord]) -> None:
    """Write records down with the session's next flush. Nobody else does until the transaction ends.

    Raises `AuditError`: then nothing is kept.
    """
    query = select(AuditHead).where(AuditHead.id == HEAD_ID).with_for_update().execution_options(populate_existing=True)
    head = (await session.scalars(query)).one_or_none()
    if head is None:
        raise AuditError("the audit has lost its head: nothing can be changed until it is restored from a backup")
    now = datetime.now(UTC)
    for record in records:
        entry = _follow(head, record, now)
        session.add(_render(entry))
        head.sequence, head.hash = entry.sequence, entry.hash


def _follow(head: AuditHead, record: AuditRecord, now: datetime) -> AuditEntry:
    own = {one.name: getattr(record, one.name) for one in fields(AuditRecord)}
    entry = AuditEntry(**own, sequence=head.sequence + 1, at=now, previous_hash=head.hash, hash="")
    return replace(entry, hash=entry.compute_hash())


def _render(entry: AuditEntry) -> AuditEntryRow:
    own = {one.name: getattr(entry, one.name) for one in fields(AuditEntry) if one.name != "scope"}
    return AuditEntryRow(**own, **asdict(entry.scope))


def parse(row: AuditEntryRow) -> AuditEntry:
    """Return a stored entry."""
    return AuditEntry(
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        action=row.action,
        outcome=cast("Outcome", row.outcome),
        kind=row.kind,
        name=row.name,
        scope=Scope(row.organisation, row.workspace, row.provider, row.model),
        details=row.details,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
