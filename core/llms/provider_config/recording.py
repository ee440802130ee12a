"""`Change`: one transaction in which rows are changed, each written into history and audit before it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.access.permissions import Permissions
from core.llms.provider_config.audit.entries import AuditRecord
from core.llms.provider_config.audit.masking import without_secrets
from core.llms.provider_config.audit.writing import append
from core.llms.provider_config.changes import differences
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.models import (
    Credential,
    Kept,
    LLMParameters,
    PromptTemplate,
    ProviderModelConfig,
    RevisionRow,
)
from core.llms.provider_config.repository import ProviderConfigRepository
from core.llms.provider_config.revisions.differences import compare
from core.llms.provider_config.revisions.snapshots import (
    REFERENCES,
    REVISED,
    kind_of,
    name_of,
    recorded_name,
    scope_of,
    snapshot,
)
from core.llms.storage.base import Base


@dataclass(slots=True)
class _Touched:
    """A row that may be changed, and what it said before; None where it was not there.

    `last_number` is that of its newest revision, 0 where it has none.
    """

    row: Any
    before: dict[str, Any] | None
    last_number: int = 0
    version: int = 0
    details: dict[str, Any] = field(default_factory=dict)
    is_deleted: bool = False


class Reading:
    """One transaction of one actor: the rows, and what the actor may do."""

    def __init__(self, session: AsyncSession, permissions: Permissions) -> None:
        self.session = session
        self.repository = ProviderConfigRepository(session)
        self.permissions = permissions


class Change(Reading):
    """One transaction that changes something, the only one at its time.

    A row is changed by `add`, `set` and `delete` alone: these see to its version, its revision and its audit entry,
    which `save` writes, and which the end of the transaction writes in any case.
    """

    def __init__(
        self, session: AsyncSession, permissions: Permissions, action: str, secrets_key: EncryptionKey | None
    ) -> None:
        super().__init__(session, permissions)
        self.action = action
        self._secrets_key = secrets_key
        self._touched: dict[int, _Touched] = {}
        self._records: list[AuditRecord] = []
        self._must_announce = False

    async def add(self, row: Base) -> None:
        """Insert a row; its id is known afterwards."""
        if isinstance(row, Kept):
            row.version = 1 + await self._last_number(row)
        self.session.add(row)
        await self.session.flush()
        await self.session.refresh(row)
        self._touched[id(row)] = _Touched(row, None)

    async def set(self, row: Base, fields: Mapping[str, Any]) -> bool:
        """Set the fields that differ, and tell whether any did. Whatever uses the row counts as changed, too."""
        changes = differences(row, fields)
        if changes:
            await self._touch(row)
            for name, (_, value) in changes.items():
                setattr(row, name, value)
            if REFERENCES & changes.keys():
                await self.session.flush()
                await self.session.refresh(row)
            self._must_announce = True
        return bool(changes)

    async def delete(self, row: Base) -> None:
        """Delete a row."""
        (await self._touch(row)).is_deleted = True
        await self.session.delete(row)
        await self.session.flush()

    async def mark(self, row: Base, details: Mapping[str, Any]) -> None:
        """Count a row as changed in what no snapshot shows, as its secrets; `details` go into the audit."""
        touched = self._touched.get(id(row)) or await self._touch(row)
        touched.details.update(details)

    def note(self, kind: str, name: str, scope: Scope, details: Mapping[str, Any] | None = None) -> None:
        """Write something into the audit that changes no row: that a secret was read, that keys were changed."""
        self._records.append(self._record(kind, name, scope, details or {}))

    async def save(self) -> None:
        """Write what was changed so far into history and audit, and raise the versions."""
        touched, self._touched = list(self._touched.values()), {}
        for one in touched:
            await self._save_one(one)
        records, self._records = self._records, []
        if records:
            await append(self.session, records)
        await self.session.flush()
        if self._must_announce:
            self._must_announce = False
            await self.repository.announce()

    async def _touch(self, row: Base) -> _Touched:
        known = self._touched.get(id(row))
        if known is None:
            if isinstance(row, LLMParameters | PromptTemplate | Credential):
                for user in await self.repository.users_of(row):
                    await self._touch(user)
            last_number = await self._last_number(row) if isinstance(row, Kept) else 0
            known = self._touched[id(row)] = _Touched(row, snapshot(row), last_number, getattr(row, "version", 0))
        return known

    async def _save_one(self, touched: _Touched) -> None:
        row, before = touched.row, touched.before
        after = None if touched.is_deleted else snapshot(row)
        if before == after and not touched.details:
            return
        number = await self._raise_version(touched, after)
        if kind_of(row) in REVISED:
            self._keep_first(touched)
            self._end_old_name(touched)
            self.session.add(self._revision(row, number, self.action, after))
        changed = {change.field: [change.before, change.after] for change in compare(before, after)}
        details = {"changes": without_secrets(changed, self._secrets_key), **touched.details}
        self._records.append(self._record(kind_of(row), name_of(row), scope_of(row), details))
        self._must_announce = True

    async def _raise_version(self, touched: _Touched, after: Mapping[str, Any] | None) -> int:
        row, before = touched.row, touched.before
        if not isinstance(row, Kept):
            return 0
        if before is None:
            return row.version
        number = row.version + 1
        if after is not None:
            if recorded_name(row, before) != name_of(row):
                # Under a new name the numbers go on from those that somebody else had under it.
                number = max(number, 1 + await self._last_number(row))
            row.version = number
        return number

    def _keep_first(self, touched: _Touched) -> None:
        """Keep what a row said that is older than its history."""
        before, row = touched.before, touched.row
        if before is not None and touched.last_number < touched.version:
            own = recorded_name(row, before)
            self.session.add(self._revision(row, touched.version, "found", before, own))

    def _end_old_name(self, touched: _Touched) -> None:
        """Write down that under the old name of a configuration, its model, there is none any more."""
        before, row = touched.before, touched.row
        if before is None or not isinstance(row, ProviderModelConfig):
            return
        old = recorded_name(row, before)
        if old != name_of(row):
            self.session.add(self._revision(row, touched.version + 1, self.action, None, old))

    async def _last_number(self, row: Any, name: str | None = None) -> int:
        query = select(func.max(RevisionRow.number)).where(
            RevisionRow.kind == kind_of(row), RevisionRow.name == (name or name_of(row))
        )
        return int(await self.session.scalar(query) or 0)

    def _revision(
        self, row: Any, number: int, action: str, content: Mapping[str, Any] | None, name: str | None = None
    ) -> RevisionRow:
        return RevisionRow(
            kind=kind_of(row),
            name=name or name_of(row),
            number=number,
            action=action,
            actor=self.permissions.actor.name,
            content=None if content is None else dict(content),
        )

    def _record(self, kind: str, name: str, scope: Scope, details: Mapping[str, Any]) -> AuditRecord:
        return AuditRecord(
            actor=self.permissions.actor.name,
            action=self.action,
            kind=kind,
            name=name,
            scope=scope,
            details=dict(details),
        )
