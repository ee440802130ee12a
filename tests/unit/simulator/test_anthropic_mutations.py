"""No spoiled request to Anthropic gets through: each field taken out, renamed or mistyped is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator import mutations as spoiling
from tests.unit.simulator.anthropic_calls import (
    COUNT,
    COUNT_OPTIONAL,
    COUNT_REQUEST,
    MESSAGES,
    NEW,
    OLD,
    OPTIONAL,
    RICH_REQUEST,
    SAMPLED_REQUEST,
)
from tests.unit.simulator.calls import post
from tests.unit.simulator.mutations import Mutation, find_breaking, find_complaints

WIRES = [
    (MESSAGES, RICH_REQUEST, OPTIONAL, NEW),
    (MESSAGES, RICH_REQUEST, OPTIONAL, OLD),
    (MESSAGES, SAMPLED_REQUEST, frozenset({"temperature", "top_k"}), OLD),
    (COUNT, COUNT_REQUEST, COUNT_OPTIONAL, NEW),
]
IDS = ["messages", "messages-2023", "sampling-2023", "count"]


@pytest.fixture(autouse=True)
def free_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    # Arguments of calls and schemas are the caller's own; their content is no field of the request.
    monkeypatch.setattr(spoiling, "FREE", ("input", "input_schema", "schema"))


@pytest.mark.parametrize(("path", "body", "optional", "headers"), WIRES, ids=IDS)
async def test_good_requests_are_answered(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str], headers: dict[str, str]
) -> None:
    received = await post(sim, path, body, headers=headers)
    assert received.status == 200, received.content


@pytest.mark.parametrize(("path", "body", "optional", "headers"), WIRES, ids=IDS)
async def test_spoiled_requests_are_refused(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str], headers: dict[str, str]
) -> None:
    def judge(mutation: Mutation, status: int, received: dict[str, Any] | None) -> str | None:
        return _complaint(mutation, status, received, optional)

    assert await find_complaints(f"{sim.url}{path}", body, headers, judge) == []


@pytest.mark.parametrize(("path", "body", "optional", "headers"), WIRES, ids=IDS)
async def test_strange_values_never_break_the_server(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str], headers: dict[str, str]
) -> None:
    assert await find_breaking(f"{sim.url}{path}", body, headers) == []


def _complaint(
    mutation: Mutation, status: int, received: dict[str, Any] | None, optional: frozenset[str]
) -> str | None:
    place = mutation.name.removeprefix(f"{mutation.kind} ")
    may_pass = mutation.kind == "remove" and place in optional
    if received is None:
        return None if may_pass else f"{mutation.name} got through"
    if may_pass:
        return f"{mutation.name} was refused: {received['error']['message']}"
    form = set(received), set(received["error"]), received["type"], status
    if form != ({"type", "error", "request_id"}, {"type", "message"}, "error", 400):
        return f"{mutation.name} has the error {status} {received}"
    return None
