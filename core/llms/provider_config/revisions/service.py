"""`RevisionService`: what configurations, parameters and templates were, what changed, and going back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.changes import require_version
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.models import LLMParameters, PromptTemplate, RevisionRow
from core.llms.provider_config.recording import Reading
from core.llms.provider_config.registration import respond
from core.llms.provider_config.revisions.differences import FieldChange, compare
from core.llms.provider_config.revisions.rollback import restore_config, restore_row
from core.llms.provider_config.revisions.snapshots import (
    CONFIGURATION,
    PARAMETERS,
    PROMPT_TEMPLATE,
    config_name,
    scope_of,
    scope_of_content,
)
from core.llms.provider_config.schemas import (
    LLMParametersResponse,
    PromptTemplateResponse,
    ProviderModelConfigResponse,
)
from core.llms.provider_config.shared_access import require_read_shared
from core.llms.provider_config.unit_of_work import UnitOfWork
from core.llms.storage.base import is_integer

RowT = TypeVar("RowT", LLMParameters, PromptTemplate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of a thing: who made it, when, by which action, and what it said; None where it was deleted then.

    `number` is the `version` that the thing had. The action `found` is of what was there before history was kept.
    """

    name: str
    number: int
    action: str
    at: datetime
    actor: str
    content: dict[str, Any] | None


class RevisionService:
    """History. Every method raises `AccessDeniedError`, and `StorageError` where the database fails."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def history(
        self,
        provider: str,
        model_id: str,
        *,
        limit: int = 100,
        before: int | None = None,
        actor: Actor | str | None = None,
    ) -> list[Revision]:
        """Return the revisions of a configuration, newest first, also of one that was deleted."""
        return await self._list(CONFIGURATION, config_name(provider, model_id), limit, before, actor)

    async def parameters_history(
        self, name: str, *, limit: int = 100, before: int | None = None, actor: Actor | str | None = None
    ) -> list[Revision]:
        """Return the revisions of parameters, newest first."""
        return await self._list(PARAMETERS, name, limit, before, actor)

    async def prompt_template_history(
        self, name: str, *, limit: int = 100, before: int | None = None, actor: Actor | str | None = None
    ) -> list[Revision]:
        """Return the revisions of a template, newest first."""
        return await self._list(PROMPT_TEMPLATE, name, limit, before, actor)

    async def diff(
        self,
        provider: str,
        model_id: str,
        older: int,
        newer: int | None = None,
        *,
        actor: Actor | str | None = None,
    ) -> tuple[FieldChange, ...]:
        """Return what differs between two revisions of a configuration, or between one and the newest.

        Raises `ConfigNotFoundError` for a number that there is not.
        """
        name = config_name(provider, model_id)
        async with self._work.reading(actor) as reading:
            rows = [await _find(reading.session, CONFIGURATION, name, number) for number in (older, newer)]
            for row in rows:
                reading.permissions.require(Operation.READ, await _find_scope(reading.session, row))
            return compare(rows[0].content, rows[1].content)

    async def rollback(
        self,
        provider: str,
        model_id: str,
        number: int,
        *,
        expected_version: int | None = None,
        actor: Actor | str | None = None,
    ) -> ProviderModelConfigResponse:
        """Make a configuration, with its parameters and template, what it was at a revision, as a new one.

        What is shared changes for all that share it. Whether it is switched on stays as it is; what was deleted comes
        back switched off. Raises `ConfigNotFoundError` where there is no such revision, or where its credential is not
        there any more, `ConfigExistsError` where its alias is another's now, `ConfigValidationError` and
        `StaleConfigError`.
        """
        name = config_name(provider, model_id)
        async with self._work.changing(actor, "rollback") as change:
            content = _content_of(await _find(change.session, CONFIGURATION, name, number))
            change.permissions.require(Operation.READ, scope_of_content(content))
            row = await change.repository.find_config(provider, model_id)
            if row is not None:
                change.permissions.require(Operation.READ, scope_of(row))
                require_version(row, expected_version, {}, name)
            restored = await restore_config(change, row, content)
            await change.save()
            return respond(restored)

    async def rollback_parameters(
        self, name: str, number: int, *, expected_version: int | None = None, actor: Actor | str | None = None
    ) -> LLMParametersResponse:
        """Make parameters what they were at a revision, for all that use them. Raises as `rollback` does."""
        row = await self._rollback_row(LLMParameters, PARAMETERS, name, number, expected_version, actor)
        return LLMParametersResponse.model_validate(row)

    async def rollback_prompt_template(
        self, name: str, number: int, *, expected_version: int | None = None, actor: Actor | str | None = None
    ) -> PromptTemplateResponse:
        """Make a template what it was at a revision, for all that use it. Raises as `rollback` does."""
        row = await self._rollback_row(PromptTemplate, PROMPT_TEMPLATE, name, number, expected_version, actor)
        return PromptTemplateResponse.model_validate(row)

    async def _rollback_row(
        self,
        table: type[RowT],
        kind: str,
        name: str,
        number: int,
        expected_version: int | None,
        actor: Actor | str | None,
    ) -> RowT:
        async with self._work.changing(actor, "rollback") as change:
            content = _content_of(await _find(change.session, kind, name, number))
            stored = await change.repository.find_named(table, name)
            if stored is None or scope_of(stored) != scope_of_content(content):
                change.permissions.require(Operation.READ, scope_of_content(content))
            if stored is not None:
                await require_read_shared(change, stored)
                require_version(stored, expected_version, {}, name)
            row = await restore_row(change, table, content, scope_of_content(content))
            await change.save()
            return row

    async def _list(
        self, kind: str, name: str, limit: int, before: int | None, actor: Actor | str | None
    ) -> list[Revision]:
        query = select(RevisionRow).where(RevisionRow.kind == kind, RevisionRow.name == name)
        if before is not None:
            query = query.where(RevisionRow.number < before)
        async with self._work.reading(actor) as reading:
            rows = (await reading.session.scalars(query.order_by(RevisionRow.number.desc()).limit(max(0, limit)))).all()
            return [_parse(row) for row in await _list_readable(reading, rows)]


async def _list_readable(reading: Reading, rows: Sequence[RevisionRow]) -> list[RevisionRow]:
    """Leave out what the actor may not see. Raises `AccessDeniedError` where that is all."""
    scopes = [await _find_scope(reading.session, row) for row in rows]
    seen = [row for row, scope in zip(rows, scopes, strict=True) if reading.permissions.may(Operation.READ, scope)]
    if scopes and not seen:
        reading.permissions.require(Operation.READ, scopes[0])
    return seen


async def _find_scope(session: AsyncSession, row: RevisionRow) -> Scope:
    """Return where a thing belonged at a revision; one that was deleted then belonged where it did before."""
    content = row.content
    if content is None:
        query = select(RevisionRow.content).where(
            RevisionRow.kind == row.kind,
            RevisionRow.name == row.name,
            RevisionRow.number < row.number,
            RevisionRow.content.is_not(None),
        )
        content = await session.scalar(query.order_by(RevisionRow.number.desc()).limit(1)) or {}
    return scope_of_content(content)


def _content_of(row: RevisionRow) -> dict[str, Any]:
    if row.content is None:
        raise ConfigNotFoundError(f"at revision {row.number} it was deleted: there is nothing to go back to")
    return row.content


async def _find(session: AsyncSession, kind: str, name: str, number: int | None) -> RevisionRow:
    query = select(RevisionRow).where(RevisionRow.kind == kind, RevisionRow.name == name)
    if number is not None:
        query = query.where(RevisionRow.number == number)
    can_be_there = number is None or is_integer(number)
    row = (await session.scalars(query.order_by(RevisionRow.number.desc()).limit(1))).first() if can_be_there else None
    if row is None:
        numbered = "" if number is None else f" {number}"
        raise ConfigNotFoundError(f"{name} has no revision{numbered}; `history` lists them")
    return row


def _parse(row: RevisionRow) -> Revision:
    return Revision(
        name=row.name, number=row.number, action=row.action, at=row.at, actor=row.actor, content=row.content
    )
