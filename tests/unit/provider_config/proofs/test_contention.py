"""Processes change the same configurations at once: no change is lost, and none is made on top of another unseen."""

from __future__ import annotations

import pytest

from tests.support.contention import FIELDS, SHARED, Plan, contend_together

CHANGES = {"sqlite": 8, "postgresql": 16}


@pytest.mark.timeout(300)
async def test_changes_by_processes_at_once_are_all_kept_and_stale_ones_refused(database_url: str) -> None:
    plan = Plan(database_url, CHANGES[database_url.partition(":")[0]], rounds=3, processes=4)
    outcome = await contend_together(plan)
    assert outcome.flaws == []
    assert sum(outcome.kept[model] for model in SHARED) == plan.processes * plan.changes
    # Of all that have read the same version, one changes it.
    assert (outcome.won, outcome.lost) == (plan.rounds, plan.rounds * (plan.processes - 1))
    assert {name for _, name in outcome.last} == set(FIELDS[: plan.processes // 2])
