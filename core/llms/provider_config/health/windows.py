"""Reading what was kept: the history of a configuration, how the calls of a window went, and how each one stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.provider_config.health.clock import read_now
from core.llms.provider_config.health.counting import find_state
from core.llms.provider_config.health.outcomes import BAD, Outcome
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.state_rows import streak_of
from core.llms.provider_config.health.tables import HealthCheckRow, HealthStateRow
from core.llms.provider_config.health.values import HealthCheck, HealthStatus, Kind, Measured
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.runtime.monitoring.histogram import DurationHistogram
from core.llms.storage.database import Database


async def read_history(
    database: Database, config: ProviderModelConfigResponse, limit: int, since: datetime | None
) -> list[HealthCheck]:
    """Return what was found out of a configuration, newest first."""
    query = select(HealthCheckRow).where(HealthCheckRow.config_id == config.id)
    if since is not None:
        query = query.where(HealthCheckRow.at >= since)
    async with database.reading() as session:
        rows = await session.scalars(query.order_by(HealthCheckRow.at.desc(), HealthCheckRow.id.desc()).limit(limit))
        return [_check_of(config, row) for row in rows]


async def read_statuses(
    database: Database, configs: Sequence[ProviderModelConfigResponse], policy: HealthPolicy
) -> list[HealthStatus]:
    """Say how configurations stand, in their order."""
    ids = [config.id for config in configs]
    async with database.reading() as session:
        found = await session.scalars(select(HealthStateRow).where(HealthStateRow.config_id.in_(ids)))
        states = {state.config_id: state for state in found}
        since = await read_now(session) - timedelta(seconds=policy.window_seconds)
        measured = await _measure(session, ids, since)
    return [_status_of(config, states.get(config.id), measured[config.id], policy) for config in configs]


class _Measuring:
    """Adds up the rows of one configuration and kind."""

    def __init__(self) -> None:
        self._calls: dict[Outcome, int] = defaultdict(int)
        self._latencies = DurationHistogram()

    def add(self, outcome: Outcome, calls: int, seconds: float, latencies: Mapping[str, Any] | None) -> None:
        self._calls[outcome] += calls
        if outcome is Outcome.OK:
            if latencies is None:
                self._latencies.add(seconds)
            else:
                self._latencies.merge(DurationHistogram.load(latencies))

    def result(self) -> Measured:
        failures, busy = sum(self._calls[bad] for bad in BAD), self._calls[Outcome.BUSY]
        total = self._calls[Outcome.OK] + failures + busy
        return Measured(total, failures, busy, self._latencies.percentiles())


async def _measure(
    session: AsyncSession, ids: Sequence[int], since: datetime
) -> defaultdict[int, defaultdict[str, _Measuring]]:
    measured: defaultdict[int, defaultdict[str, _Measuring]] = defaultdict(lambda: defaultdict(_Measuring))
    query = select(
        HealthCheckRow.config_id,
        HealthCheckRow.kind,
        HealthCheckRow.outcome,
        HealthCheckRow.calls,
        HealthCheckRow.latency_seconds,
        HealthCheckRow.latencies,
    ).where(HealthCheckRow.config_id.in_(ids), HealthCheckRow.at >= since)
    async for config_id, kind, outcome, calls, seconds, latencies in await session.stream(query):
        measured[config_id][kind].add(Outcome(outcome), calls, seconds, latencies)
    return measured


def _check_of(config: ProviderModelConfigResponse, row: HealthCheckRow) -> HealthCheck:
    kind: Kind = "active" if row.kind == "active" else "passive"
    return HealthCheck(
        provider_name=config.provider_name,
        model_id=config.model_id,
        kind=kind,
        at=row.at,
        outcome=Outcome(row.outcome),
        latency_seconds=row.latency_seconds,
        calls=row.calls,
        error_class=row.error_class,
        status=row.status,
        message=row.message,
    )


def _status_of(
    config: ProviderModelConfigResponse,
    state: HealthStateRow | None,
    measured: Mapping[str, _Measuring],
    policy: HealthPolicy,
) -> HealthStatus:
    names: dict[str, Any] = {
        "provider_name": config.provider_name,
        "model_id": config.model_id,
        "alias": config.alias,
        "is_active": config.is_active,
    }
    if state is None:
        return HealthStatus(**names, state="unknown")
    checks, live = measured["active"].result(), measured["passive"].result()
    decided = checks.calls - checks.busy + live.calls - live.busy
    rate = (decided - checks.failures - live.failures) / decided if decided else None
    return HealthStatus(
        **names,
        state=find_state(policy, streak_of(state), checks.calls + live.calls, rate),
        failures_in_a_row=state.failures_in_a_row,
        checked_at=state.checked_at,
        succeeded_at=state.succeeded_at,
        error_class=state.error_class,
        status=state.status,
        message=state.message,
        switched_off_at=None if config.is_active else state.switched_off_at,
        switched_off_reason=None if config.is_active else state.switched_off_reason,
        checks=checks,
        live=live,
    )
