"""Telling what health switched off from what somebody else did: a mark, set and cleared with the switch itself."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.errors import StaleConfigError
from core.llms.provider_config.health.clock import read_now
from core.llms.provider_config.health.tables import HealthStateRow
from core.llms.provider_config.models import ProviderModelConfig
from core.llms.provider_config.recording import Change

HEALTH: Final = Actor("health", is_trusted=True)
"""Who switches configurations off and on by policy."""


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
