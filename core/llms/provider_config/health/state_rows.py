"""The one row that says how a configuration stands, locked for a change, between the row's form and the values'."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.health.counting import Streak
from core.llms.provider_config.health.outcomes import Finding, Outcome
from core.llms.provider_config.health.tables import HealthStateRow
from core.llms.provider_config.models import ProviderModelConfig


async def lock_state(session: AsyncSession, config_id: int, now: datetime) -> HealthStateRow | None:
    """Return a configuration's row, made where there is none, or None where there is no configuration any more.

    The configuration is locked first, as whoever deletes it does, so that nobody waits in a ring.
    """
    config = select(ProviderModelConfig.id).where(ProviderModelConfig.id == config_id)
    if await session.scalar(config.with_for_update(read=True, key_share=True)) is None:
        return None
    await insert_state(session, config_id, now)
    state = await session.get(HealthStateRow, config_id, with_for_update=True)
    # Not before: whoever switches it and marks that has the row until both are kept.
    is_active = await session.scalar(select(ProviderModelConfig.is_active).where(ProviderModelConfig.id == config_id))
    if state is not None and is_active:
        # It was switched on by a way that tells health nothing.
        state.switched_off_at = state.switched_off_reason = None
    return state


async def insert_state(session: AsyncSession, config_id: int, due_at: datetime) -> None:
    """Make the row of a configuration, unless it is there."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert: Any = sqlite.insert(HealthStateRow) if is_sqlite else postgresql.insert(HealthStateRow)
    made = insert.values(config_id=config_id, due_at=due_at, failures_in_a_row=0, successes_in_a_row=0)
    await session.execute(made.on_conflict_do_nothing())


def streak_of(state: HealthStateRow) -> Streak:
    """Return what came last."""
    outcome = None if state.outcome is None else Outcome(state.outcome)
    return Streak(state.failures_in_a_row, state.successes_in_a_row, outcome)


def set_streak(state: HealthStateRow, streak: Streak, finding: Finding, at: datetime) -> None:
    """Write down what came last."""
    state.failures_in_a_row, state.successes_in_a_row = streak.failures, streak.successes
    state.outcome = streak.outcome
    state.observed_at = at
    if finding.outcome is Outcome.OK:
        state.succeeded_at = at
    state.error_class, state.status, state.message = finding.error_class, finding.status, finding.message
