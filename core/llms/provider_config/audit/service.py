"""`AuditService`: reading what was done, and verifying that it is all there, as it was written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import EVERYTHING, Operation
from core.llms.provider_config.audit.chain import AuditAnchor, AuditReport, verify_chain
from core.llms.provider_config.audit.entries import AuditEntry
from core.llms.provider_config.audit.raw_entries import stream_raw
from core.llms.provider_config.audit.writing import HEAD_ID, parse
from core.llms.provider_config.errors import AuditError
from core.llms.provider_config.models import AuditEntryRow, AuditHead
from core.llms.provider_config.unit_of_work import UnitOfWork

_BATCH = 1_000


class AuditService:
    """The audit. Every method raises `AccessDeniedError`, and `StorageError` where the database fails."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def list_entries(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        by: str | None = None,
        kind: str | None = None,
        name: str | None = None,
        outcome: str | None = None,
        before: int | None = None,
        limit: int = 100,
        actor: Actor | str | None = None,
    ) -> list[AuditEntry]:
        """Return the newest entries that the actor may see, newest first.

        They are those from `since` on and before `until`, `by` an actor, of a `kind` (`configuration`, `parameters`,
        `prompt_template`, `credential`, `grant`, `access`), a `name` (`openai/gpt-4.1-mini`) and an `outcome` (`done`,
        `denied`); `before` a sequence goes on where an earlier answer ended.
        """
        query = select(AuditEntryRow).order_by(AuditEntryRow.sequence.desc())
        if since is not None:
            query = query.where(AuditEntryRow.at >= since)
        if until is not None:
            query = query.where(AuditEntryRow.at < until)
        wanted = {"actor": by, "kind": kind, "name": name, "outcome": outcome}
        query = query.filter_by(**{field: value for field, value in wanted.items() if value is not None})
        if before is not None:
            query = query.where(AuditEntryRow.sequence < before)
        found: list[AuditEntry] = []
        async with self._work.reading(actor) as reading:
            async for entry in _stream(reading.session, query):
                if len(found) >= limit:
                    break
                if reading.permissions.may(Operation.READ_AUDIT, entry.scope):
                    found.append(entry)
        return found

    async def verify_audit_chain(
        self, anchor: AuditAnchor | None = None, *, actor: Actor | str | None = None
    ) -> AuditReport:
        """Check that no entry was changed, removed or put between others, and say which.

        Who can write the whole table can write a whole new chain, too: an `anchor`, which is the `head` of an earlier
        report, kept elsewhere, finds that out. Raises `AccessDeniedError` unless the actor may read all of the audit.
        """
        async with self._work.reading(actor) as reading:
            reading.permissions.require(Operation.READ_AUDIT, EVERYTHING)
            head = await reading.session.get(AuditHead, HEAD_ID)
            end = None if head is None else AuditAnchor(head.sequence, head.hash)
            return await verify_chain(stream_raw(reading.session), end, anchor)


async def _stream(session: AsyncSession, query: Select[AuditEntryRow]) -> AsyncIterator[AuditEntry]:
    try:
        async for row in await session.stream_scalars(query.execution_options(yield_per=_BATCH)):
            yield parse(row)
    except (TypeError, ValueError) as error:
        raise AuditError(f"an entry cannot be read, `verify_audit_chain` says which: {error}") from error
