"""No spoiled request to Cohere gets through: each field taken out, renamed or mistyped is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator import mutations as spoiling
from tests.unit.simulator.calls import post
from tests.unit.simulator.cohere_calls import (
    CHAT,
    DETOKENIZE,
    DETOKENIZE_REQUEST,
    EMBED,
    EMBED_OPTIONAL,
    EMBED_REQUEST,
    FORMED_OPTIONAL,
    FORMED_REQUEST,
    KEY,
    OPTIONAL,
    RERANK,
    RERANK_OPTIONAL,
    RERANK_REQUEST,
    RICH_REQUEST,
    TOKENIZE,
    TOKENIZE_REQUEST,
)
from tests.unit.simulator.mutations import Mutation, find_breaking, find_complaints

WIRES = [
    (CHAT, RICH_REQUEST, OPTIONAL),
    (CHAT, FORMED_REQUEST, FORMED_OPTIONAL),
    (EMBED, EMBED_REQUEST, EMBED_OPTIONAL),
    (RERANK, RERANK_REQUEST, RERANK_OPTIONAL),
    (TOKENIZE, TOKENIZE_REQUEST, frozenset()),
    (DETOKENIZE, DETOKENIZE_REQUEST, frozenset()),
]
IDS = ["chat", "formed", "embed", "rerank", "tokenize", "detokenize"]


@pytest.fixture(autouse=True)
def free_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    # Schemas, documents and outputs of tools are the caller's own; their content is no field of the request.
    monkeypatch.setattr(spoiling, "FREE", ("parameters", "json_schema", "data", "tool_output"))


@pytest.mark.parametrize(("path", "body", "optional"), WIRES, ids=IDS)
async def test_good_requests_are_answered(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    received = await post(sim, path, body, headers=KEY)
    assert received.status == 200, received.content


@pytest.mark.parametrize(("path", "body", "optional"), WIRES, ids=IDS)
async def test_spoiled_requests_are_refused(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    def judge(mutation: Mutation, status: int, received: dict[str, Any] | None) -> str | None:
        return _complaint(mutation, status, received, optional)

    assert await find_complaints(f"{sim.url}{path}", body, KEY, judge) == []


@pytest.mark.parametrize(("path", "body", "optional"), WIRES, ids=IDS)
async def test_strange_values_never_break_the_server(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    assert await find_breaking(f"{sim.url}{path}", body, KEY) == []


def _complaint(
    mutation: Mutation, status: int, received: dict[str, Any] | None, optional: frozenset[str]
) -> str | None:
    place = mutation.name.removeprefix(f"{mutation.kind} ")
    may_pass = mutation.kind == "remove" and place in optional
    if received is None:
        return None if may_pass else f"{mutation.name} got through"
    if may_pass:
        return f"{mutation.name} was refused: {received['message']}"
    if set(received) != {"id", "message"} or status not in (400, 404, 422):
        return f"{mutation.name} has the error {status} {received}"
    return None
