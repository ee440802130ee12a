"""`Schedule`: which configurations are due for a check, each taken by one process, once in an interval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.health.clock import read_now
from core.llms.provider_config.health.leases import Tenure
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.state_rows import insert_state
from core.llms.provider_config.health.tables import HealthStateRow
from core.llms.provider_config.models import ProviderModelConfig
from core.llms.storage.database import Database

Names: TypeAlias = tuple[str, str]


class Schedule:
    """The times of checks, in the database. Every method raises `StorageError`."""

    def __init__(self, database: Database, policy: HealthPolicy) -> None:
        self._database = database
        self._policy = policy

    async def seconds_until_due(self) -> float | None:
        """Return in how many seconds a check is due, None where nothing is to be checked."""
        async with self._database.reading() as session:
            if (await session.scalars(_new().limit(1))).first() is not None:
                return 0.0
            now = await read_now(session)
            soonest = await session.scalar(_joined(func.min(HealthStateRow.due_at)).where(_is_checked()))
        return None if soonest is None else max(0.0, (soonest - now).total_seconds())

    async def take(self, tenure: Tenure, limit: int) -> Sequence[Names]:
        """Take up to so many checks that are due; the next of each is due an interval later, whatever becomes of it.

        Raises `LeaseLostError`.
        """
        async with self._database.transaction() as session:
            await tenure.require(session)
            now = await read_now(session)
            await self._add_new(session, now)
            query = _joined(HealthStateRow.config_id, ProviderModelConfig.provider_name, ProviderModelConfig.model_id)
            due = query.where(_is_checked(), HealthStateRow.due_at <= now).order_by(HealthStateRow.due_at)
            taken = (await session.execute(due.limit(limit))).all()
            # In one order, that of whoever else writes several: two that wait for each other would wait for ever.
            for config_id in sorted(row[0] for row in taken):
                own = update(HealthStateRow).where(HealthStateRow.config_id == config_id)
                await session.execute(own.values(due_at=now + self._interval()))
        return [(provider, model_id) for _, provider, model_id in taken]

    async def _add_new(self, session: AsyncSession, now: datetime) -> None:
        """Spread the first checks of what is new over an interval, the first of them now."""
        new = (await session.scalars(_new())).all()
        for place, config_id in enumerate(new):
            later = timedelta(seconds=self._policy.interval_seconds * place / len(new))
            # Live calls may have made its row meanwhile.
            await insert_state(session, config_id, now + later)

    def _interval(self) -> timedelta:
        jitter = uniform(0, self._policy.jitter_seconds)  # noqa: S311 - it spreads load
        return timedelta(seconds=self._policy.interval_seconds + jitter)


def _joined(*columns: Any) -> Select[Any]:
    return select(*columns).join_from(
        HealthStateRow, ProviderModelConfig, HealthStateRow.config_id == ProviderModelConfig.id
    )


def _is_checked() -> ColumnElement[bool]:
    """Of what a person switched off nothing is asked."""
    return or_(ProviderModelConfig.is_active, HealthStateRow.switched_off_at.is_not(None))


def _new() -> Select[Any]:
    known = select(HealthStateRow.config_id)
    query = select(ProviderModelConfig.id).where(ProviderModelConfig.is_active, ProviderModelConfig.id.not_in(known))
    return query.order_by(ProviderModelConfig.id)
