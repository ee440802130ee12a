"""Telling what health switched off from what somebody else did: a mark, set and cleared with the switch itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.changes import require_version
from core.llms.provider_config.errors import StaleConfigError
from core.llms.provider_config.health.clock import read_now
from core.llms.provider_config.health.tables import HealthStateRow
from core.llms.provider_config.models import ProviderModelConfig
from core.llms.provider_config.recording import Change
from core.llms.provider_config.registration import require_config
from core.llms.provider_config.revisions.snapshots import config_name
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.unit_of_work import UnitOfWork

HEALTH: Final = Actor("health", is_trusted=True)
"""Who switches configurations off and on by policy."""


async def switch(
    work: UnitOfWork, config: ProviderModelConfigResponse, *, is_active: bool, allows_off: Callable[[int, int], bool]
) -> bool:
    """Switch a configuration by policy, and tell whether it was allowed.

    `allows_off` is asked whether one more may be off, with how many are and of how many, while nobody else switches
    anything. Raises `ConfigNotFoundError`, and `StaleConfigError` where it was changed since it was checked.
    """
    async with work.changing(HEALTH, "update") as change:
        row = await require_config(change, config.provider_name, config.model_id)
        require_version(row, config.version, {}, config_name(config.provider_name, config.model_id))
        if not is_active and not allows_off(*await _count_off(change.session)):
            return False
        await change.set(row, {"is_active": is_active})
        await record_switch(change, row)
        await change.save()
        return True


async def _count_off(session: AsyncSession) -> tuple[int, int]:
    """Return how many configurations health has switched off, and of how many that it may."""
    marked = select(func.count()).select_from(HealthStateRow).where(HealthStateRow.switched_off_at.is_not(None))
    active = select(func.count()).select_from(ProviderModelConfig).where(ProviderModelConfig.is_active)
    off = await session.scalar(marked) or 0
    return off, off + (await session.scalar(active) or 0)


async def record_switch(change: Change, row: ProviderModelConfig) -> None:
    """Note who said that a configuration is to be on or off, whether or not it was so already.

    After somebody else's word health leaves it off, and begins to count anew where it is on.
    Raises `StaleConfigError` where health would switch on what it did not switch off.
    """
    state = update(HealthStateRow).where(HealthStateRow.config_id == row.id)
    if change.permissions.actor != HEALTH:
        cleared = state.values(switched_off_at=None, switched_off_reason=None, failures_in_a_row=0)
        await change.session.execute(cleared)
    elif row.is_active:
        await _require_mark(change, row)
        await change.session.execute(state.values(switched_off_at=None, switched_off_reason=None))
    else:
        now = await read_now(change.session)
        marked = state.values(switched_off_at=now, switched_off_reason=HealthStateRow.message, successes_in_a_row=0)
        await change.session.execute(marked)


async def _require_mark(change: Change, row: ProviderModelConfig) -> None:
    query = select(HealthStateRow.switched_off_at).where(HealthStateRow.config_id == row.id)
    if await change.session.scalar(query) is None:
        raise StaleConfigError(
            "somebody else has switched it off meanwhile", {}, provider=row.provider_name, model=row.model_id
        )
