"""`HealthStore`: writing down what was found out, in one transaction each, and forgetting what is old."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.health.call_counts import CallCounts, CallKind, Tally
from core.llms.provider_config.health.clock import read_now
from core.llms.provider_config.health.counting import Streak
from core.llms.provider_config.health.leases import Tenure
from core.llms.provider_config.health.outcomes import Finding
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.state_rows import lock_state, set_streak, streak_of
from core.llms.provider_config.health.tables import HealthCheckRow
from core.llms.runtime.monitoring.histogram import DurationHistogram
from core.llms.storage.database import Database

_CLEANED_EVERY_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What a check came to: when it began, what came in a row then, and whether health has switched it off before."""

    at: datetime
    streak: Streak
    is_off_by_health: bool


class HealthStore:
    """The rows of health in one database. Every method raises `StorageError`."""

    def __init__(self, database: Database, policy: HealthPolicy) -> None:
        self._database = database
        self._policy = policy
        self._clean_at = monotonic() + _CLEANED_EVERY_SECONDS

    async def add_check(self, config_id: int, finding: Finding, seconds: float, tenure: Tenure | None) -> Kept | None:
        """Keep the outcome of a check; None where the configuration was deleted meanwhile.

        Without a tenure it was made out of turn: the next one is due an interval later. Raises `LeaseLostError`.
        """
        async with self._database.transaction() as session:
            if tenure is not None:
                await tenure.require(session)
            now = await read_now(session)
            state = await lock_state(session, config_id, now)
            if state is None:
                return None
            began = now - timedelta(seconds=seconds)
            session.add(_check_row(config_id, finding, seconds, began))
            set_streak(state, streak_of(state).after_check(finding.outcome), finding, now)
            state.checked_at = began
            if tenure is None:
                state.due_at = began + timedelta(seconds=self._policy.interval_seconds)
            kept = Kept(began, streak_of(state), state.switched_off_at is not None)
        await self._clean_in_time()
        return kept

    async def add_calls(self, counts: CallCounts) -> None:
        """Keep live calls, all of them or none; those of configurations that were deleted meanwhile are left out."""
        tallies: dict[int, list[tuple[CallKind, Tally]]] = defaultdict(list)
        for kind, tally in counts.tallies.items():
            tallies[kind.config_id].append((kind, tally))
        async with self._database.transaction() as session:
            now = await read_now(session)
            # In one order: two processes that wait for each other's rows would wait for ever.
            for config_id, tail in sorted(counts.tails.items()):
                state = await lock_state(session, config_id, now)
                if state is not None:
                    for kind, tally in tallies[config_id]:
                        await _add_tally(session, kind, tally)
                    streak = streak_of(state).after_calls(
                        tail.failures, tail.last.outcome, had_success=tail.had_success
                    )
                    set_streak(state, streak, tail.last, tail.last_at)
        await self._clean_in_time()

    async def clean(self) -> None:
        """Forget what is older, or more, than the policy keeps."""
        place = func.row_number().over(
            partition_by=(HealthCheckRow.config_id, HealthCheckRow.kind), order_by=HealthCheckRow.id.desc()
        )
        ranked = select(HealthCheckRow.id, place.label("place")).subquery()
        beyond = select(ranked.c.id).where(ranked.c.place > self._policy.keep_checks)
        async with self._database.transaction() as session:
            oldest = await read_now(session) - timedelta(seconds=self._policy.keep_seconds)
            await session.execute(delete(HealthCheckRow).where(HealthCheckRow.at < oldest))
            await session.execute(delete(HealthCheckRow).where(HealthCheckRow.id.in_(beyond)))

    async def _clean_in_time(self) -> None:
        if monotonic() >= self._clean_at:
            self._clean_at = monotonic() + _CLEANED_EVERY_SECONDS
            await self.clean()


def _check_row(config_id: int, finding: Finding, seconds: float, at: datetime) -> HealthCheckRow:
    return HealthCheckRow(
        config_id=config_id,
        at=at,
        kind="active",
        outcome=finding.outcome,
        calls=1,
        latency_seconds=seconds,
        error_class=finding.error_class,
        status=finding.status,
        message=finding.message,
    )


async def _add_tally(session: AsyncSession, kind: CallKind, tally: Tally) -> None:
    alike = select(HealthCheckRow).where(
        HealthCheckRow.config_id == kind.config_id,
        HealthCheckRow.at == kind.minute,
        HealthCheckRow.kind == "passive",
        HealthCheckRow.outcome == kind.outcome,
        HealthCheckRow.error_class.is_not_distinct_from(kind.error_class),
        HealthCheckRow.status.is_not_distinct_from(kind.status),
    )
    row = (await session.scalars(alike)).first()
    if row is None:
        row = _check_row(kind.config_id, Finding(kind.outcome, kind.error_class, kind.status), 0.0, kind.minute)
        row.kind, row.calls = "passive", 0
        session.add(row)
    latencies = DurationHistogram() if row.latencies is None else DurationHistogram.load(row.latencies)
    latencies.merge(tally.latencies)
    row.calls += tally.calls
    row.message = tally.message
    row.latencies = latencies.dump()
    row.latency_seconds = latencies.percentiles().mean
