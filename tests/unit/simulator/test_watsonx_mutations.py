"""No spoiled request to watsonx.ai gets through: each field taken out or mistyped is refused, unless it is optional."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator import mutations as spoiling
from tests.unit.simulator.calls import post
from tests.unit.simulator.lenient_mutations import broken, complaints
from tests.unit.simulator.watsonx_calls import (
    CHAT,
    CHAT_OPTIONAL,
    DEPLOYED,
    EMBEDDINGS,
    EMBEDDINGS_OPTIONAL,
    GENERATION,
    GENERATION_OPTIONAL,
    TOKENIZATION,
    TOKENIZATION_OPTIONAL,
    authorization,
    deployed,
    path,
)

WIRES = [
    (path(), CHAT, CHAT_OPTIONAL),
    (path("chat_stream"), CHAT, CHAT_OPTIONAL),
    (deployed("mistral_medium_2505"), DEPLOYED, CHAT_OPTIONAL | {"project_id"}),
    (path("generation"), GENERATION, GENERATION_OPTIONAL),
    (path("embeddings"), EMBEDDINGS, EMBEDDINGS_OPTIONAL),
    (path("tokenization"), TOKENIZATION, TOKENIZATION_OPTIONAL),
]
IDS = ["chat", "stream", "deployment", "generation", "embeddings", "tokenization"]


@pytest.fixture(autouse=True)
def free_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    # JSON schemas and objects with keys of the caller's own: their content is no field of the request.
    free = ("parameters", "schema", "logit_bias", "chat_template_kwargs", "moderations")
    monkeypatch.setattr(spoiling, "FREE", free)


def is_own_error(status: int, received: Any) -> bool:
    if not isinstance(received, dict) or len(received.get("errors", ())) != 1:
        return False
    (error,) = received["errors"]
    whole = set(received) == {"errors", "trace", "status_code"} and set(error) == {"code", "message", "more_info"}
    return whole and received["status_code"] == status and status in (400, 404)


@pytest.mark.parametrize(("address", "body", "optional"), WIRES, ids=IDS)
async def test_good_requests_are_answered(
    sim: Simulator, address: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    received = await post(sim, address, body, headers=await authorization(sim))
    assert received.status == 200, received.content


@pytest.mark.parametrize(("address", "body", "optional"), WIRES, ids=IDS)
async def test_spoiled_requests_are_refused(
    sim: Simulator, address: str, body: dict[str, Any], optional: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if "messages" not in body:
        monkeypatch.setattr(spoiling, "FREE", ("moderations",))
    headers = await authorization(sim)
    assert await complaints(f"{sim.url}{address}", body, optional, is_own_error, headers) == []


@pytest.mark.parametrize(("address", "body", "optional"), WIRES, ids=IDS)
async def test_strange_values_never_break_the_server(
    sim: Simulator, address: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    assert await broken(f"{sim.url}{address}", body, is_own_error, await authorization(sim)) == []
