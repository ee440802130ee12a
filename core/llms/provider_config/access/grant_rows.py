"""Grants as rows of the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.access.permissions import Grant
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.models import RoleGrant


async def read_grants(session: AsyncSession, subject: str | None = None) -> Sequence[Grant]:
    """Return the grants of a subject, or of all, in the order in which they were made."""
    query = select(RoleGrant).order_by(RoleGrant.id)
    if subject is not None:
        query = query.where(RoleGrant.subject == subject)
    return [parse_grant(row) for row in await session.scalars(query)]


def parse_grant(row: RoleGrant) -> Grant:
    """Return a stored grant."""
    return Grant(
        id=row.id,
        subject=row.subject,
        role=Role(row.role),
        scope=Scope(row.organisation, row.workspace, row.provider, row.model),
        is_denial=row.is_denial,
    )
