"""Vendors of OpenAI's chat wire refuse a spoiled request, each as strictly as it is known to be."""

from __future__ import annotations

import aiohttp
import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import KEY, post
from tests.unit.simulator.compatible_requests import RICH, Rich
from tests.unit.simulator.mutations import Mutation, mutations, strange_values


@pytest.mark.parametrize("rich", RICH.values(), ids=RICH)
async def test_good_request_is_answered(sim: Simulator, rich: Rich) -> None:
    received = await post(sim, rich.path, rich.body)
    assert received.status == 200, received.content


@pytest.mark.parametrize("rich", RICH.values(), ids=RICH)
async def test_spoiled_request_is_refused(sim: Simulator, rich: Rich) -> None:
    wrong: list[str] = []
    statuses: set[int] = set()
    async with aiohttp.ClientSession(headers=KEY) as session:
        for mutation in mutations(rich.body):
            async with session.post(f"{sim.url}{rich.path}", json=mutation.body) as response:
                statuses.add(response.status)
                passes = _may_pass(mutation, rich)
                if passes is not None and passes != (response.status == 200):
                    wrong.append(f"{mutation.name}: {response.status} {(await response.text())[:200]}")
    assert wrong == []
    assert statuses <= {200, 400, 404, 422}


@pytest.mark.parametrize("rich", RICH.values(), ids=RICH)
async def test_strange_values_never_break_the_server(sim: Simulator, rich: Rich) -> None:
    broken: list[str] = []
    async with aiohttp.ClientSession(headers=KEY) as session:
        for mutation in strange_values(rich.body):
            async with session.post(f"{sim.url}{rich.path}", json=mutation.body) as response:
                await response.read()
                if response.status >= 500:
                    broken.append(mutation.name)
    assert broken == []


def _may_pass(mutation: Mutation, rich: Rich) -> bool | None:
    """Whether the vendor answers all the same; None where either will do."""
    place = mutation.name.removeprefix(f"{mutation.kind} ")
    if mutation.kind == "remove":
        return place not in rich.required
    if place in rich.loose:
        return None
    return mutation.kind == "rename" and rich.ignores and place not in rich.required
