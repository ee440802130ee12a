"""Processes that spend from one budget at once, one of which is killed in the midst of its calls."""

from __future__ import annotations

import pytest

from tests.support.budget_processes import spend_from_many
from tests.support.budget_spenders import COST


@pytest.mark.timeout(200)
@pytest.mark.parametrize("kind", ["postgresql", "redis"])
async def test_processes_take_no_more_than_the_limit_though_one_is_killed(
    kind: str, request: pytest.FixtureRequest
) -> None:
    spent = await spend_from_many(request.getfixturevalue(f"{kind}_url"), processes=3, limit=60 * COST)
    assert spent.billed <= spent.limit
    assert spent.held, spent
