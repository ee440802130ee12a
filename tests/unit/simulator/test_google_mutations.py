"""No spoiled request to Google gets through: each field taken out, renamed or mistyped is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator import mutations as spoiling
from tests.unit.simulator.calls import post
from tests.unit.simulator.google_calls import (
    BATCH_OPTIONAL,
    BATCH_REQUEST,
    KEY,
    OPTIONAL,
    PREDICT_OPTIONAL,
    PREDICT_REQUEST,
    RICH_REQUEST,
    TOKEN,
    gemini,
    vertex,
)
from tests.unit.simulator.mutations import Mutation, find_breaking, find_complaints

COUNTED = {"generateContentRequest": RICH_REQUEST | {"model": "models/gemini-3.5-flash"}}
ROLES = frozenset(f"contents[{index}].role" for index in range(6))
# Counting reads what makes up the prompt, and no more.
COUNT_OPTIONAL = frozenset(
    f"generateContentRequest.{name}" for name in (*OPTIONAL, "model", "generationConfig.responseLogprobs")
)
# In a schema only the outermost type is asked for.
LOOSE = frozenset(
    f"tools[0].functionDeclarations[0].parameters.{name}"
    for name in ("properties", "properties.name", "properties.name.type", "properties.name.description", "required")
)
# Members of these may be given by their number, and 3 is one.
NUMBERED = ("mode", "category", "threshold", "thinkingLevel", "mediaResolution", "serviceTier", "type", "taskType")
WIRES = [
    (gemini(), RICH_REQUEST, OPTIONAL | LOOSE, KEY),
    (vertex(), RICH_REQUEST, (OPTIONAL | LOOSE) - ROLES, TOKEN),
    (gemini(method="countTokens"), COUNTED, COUNT_OPTIONAL | {f"generateContentRequest.{name}" for name in LOOSE}, KEY),
    (gemini("gemini-embedding-001", "batchEmbedContents"), BATCH_REQUEST, BATCH_OPTIONAL, KEY),
    (vertex("text-embedding-005", "predict"), PREDICT_REQUEST, PREDICT_OPTIONAL, TOKEN),
]
IDS = ["generate", "vertex", "count", "embed", "predict"]


@pytest.fixture(autouse=True)
def free_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    # Arguments, results and JSON schemas are the caller's own; their content is no field of the request.
    monkeypatch.setattr(spoiling, "FREE", ("args", "response", "responseJsonSchema"))


@pytest.mark.parametrize(("path", "request_body", "optional", "headers"), WIRES, ids=IDS)
async def test_good_requests_are_answered(
    sim: Simulator, path: str, request_body: dict[str, Any], optional: frozenset[str], headers: dict[str, str]
) -> None:
    received = await post(sim, path, request_body, headers=headers)
    assert received.status == 200, received.content


@pytest.mark.parametrize(("path", "request_body", "optional", "headers"), WIRES, ids=IDS)
async def test_spoiled_requests_are_refused(
    sim: Simulator, path: str, request_body: dict[str, Any], optional: frozenset[str], headers: dict[str, str]
) -> None:
    def judge(mutation: Mutation, status: int, received: dict[str, Any] | None) -> str | None:
        return _complaint(mutation, received, optional)

    assert await find_complaints(f"{sim.url}{path}", request_body, headers, judge) == []


@pytest.mark.parametrize(("path", "request_body", "optional", "headers"), WIRES, ids=IDS)
async def test_strange_values_never_break_the_server(
    sim: Simulator, path: str, request_body: dict[str, Any], optional: frozenset[str], headers: dict[str, str]
) -> None:
    assert await find_breaking(f"{sim.url}{path}", request_body, headers) == []


def _complaint(mutation: Mutation, received: dict[str, Any] | None, optional: frozenset[str]) -> str | None:
    place = mutation.name.removeprefix(f"{mutation.kind} ")
    may_pass = mutation.kind == "remove" and place in optional
    if received is None:
        return None if may_pass or _is_free(mutation) else f"{mutation.name} got through"
    error = received["error"]
    if may_pass:
        return f"{mutation.name} was refused: {error['message']}"
    if not {"code", "message", "status"} <= set(error) <= {"code", "message", "status", "details"}:
        return f"{mutation.name} has the error {error}"
    return None


def _is_free(mutation: Mutation) -> bool:
    """Whether what was changed is a name of the caller's own, or a value of any type."""
    path = mutation.path
    if mutation.kind == "mistype-0" and path[-1] in NUMBERED:
        return True
    return mutation.kind == "rename" and len(path) > 1 and path[-2] == "properties"
