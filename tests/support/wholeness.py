"""Whether stored configurations are whole: each row with what belongs to it, in history and in the audit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.models import (
    AuditEntryRow,
    LLMParameters,
    PromptTemplate,
    ProviderModelConfig,
    RevisionRow,
)
from core.llms.provider_config.revisions.snapshots import REVISED, kind_of, name_of
from core.llms.provider_config.service import ProviderConfigService


async def find_flaws(service: ProviderConfigService) -> list[str]:
    """Return what is not whole, of configurations that have parameters and templates of their own and stay.

    Each version has its revision and its audit entry, and there are no others; parameters and templates are used.
    """
    async with service.database.reading() as session:
        flaws = [*await _flaws_of_rows(session), *await _flaws_of_references(session)]
    report = await service.audit.verify_audit_chain()
    return [*flaws, *map(str, report.problems)]


async def _flaws_of_rows(session: AsyncSession) -> list[str]:
    rows: list[ProviderModelConfig | LLMParameters | PromptTemplate] = []
    for table in (ProviderModelConfig, LLMParameters, PromptTemplate):
        rows += await session.scalars(select(table))
    versions = {(kind_of(row), name_of(row)): row.version for row in rows}
    revisions: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for kind, name, number in await session.execute(
        select(RevisionRow.kind, RevisionRow.name, RevisionRow.number).order_by(RevisionRow.number)
    ):
        revisions[kind, name].append(number)
    entries = select(AuditEntryRow.kind, AuditEntryRow.name).where(AuditEntryRow.kind.in_(REVISED))
    counted = Counter((kind, name) for kind, name in await session.execute(entries))
    return [
        f"{row}: at version {versions.get(row)}, with revisions {revisions.get(row)} and {counted[row]} audit entries"
        for row in sorted({*versions, *revisions, *counted})
        if revisions.get(row) != list(range(1, versions.get(row, 0) + 1)) or counted[row] != versions.get(row)
    ]


async def _flaws_of_references(session: AsyncSession) -> Iterator[str]:
    configs = (await session.scalars(select(ProviderModelConfig))).all()
    used = (
        {row.parameters.name for row in configs},
        {row.prompt_template.name for row in configs if row.prompt_template},
    )
    there = [set(await session.scalars(select(table.name))) for table in (LLMParameters, PromptTemplate)]
    halves = [row.model_id for row in configs if row.prompt_template is None]
    return iter(
        [f"not whole or not used: {names}" for names in (there[0] ^ used[0], there[1] ^ used[1], halves) if names]
    )
