"""No spoiled request to Bedrock gets through: each field taken out, renamed or mistyped is refused."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator import mutations as spoiling
from tests.unit.simulator.bedrock_calls import (
    CLAUDE,
    COHERE,
    COHERE_REQUEST,
    COUNT_OPTIONAL,
    COUNT_REQUEST,
    KEY,
    NOVA_EMBED,
    NOVA_EMBED_REQUEST,
    NOVA_OPTIONAL,
    NOVA_REQUEST,
    OPTIONAL,
    RICH_REQUEST,
    TITAN,
    TITAN_REQUEST,
    path,
)
from tests.unit.simulator.calls import post
from tests.unit.simulator.mutations import Mutation, mutations, strange_values

NOVA_2 = "us.amazon.nova-2-lite-v1:0"
WIRES = [
    (path(CLAUDE), RICH_REQUEST, OPTIONAL),
    (path(NOVA_2, "converse-stream"), NOVA_REQUEST, NOVA_OPTIONAL),
    (path("anthropic.claude-sonnet-4-6", "count-tokens"), COUNT_REQUEST, COUNT_OPTIONAL),
    (path(TITAN, "invoke"), TITAN_REQUEST, frozenset({"dimensions", "normalize", "embeddingTypes"})),
    (
        path(COHERE, "invoke"),
        COHERE_REQUEST,
        frozenset({"embedding_types", "output_dimension", "max_tokens", "truncate"}),
    ),
    (
        path(NOVA_EMBED, "invoke"),
        NOVA_EMBED_REQUEST,
        frozenset({"schemaVersion", "singleEmbeddingParams.embeddingDimension"}),
    ),
]
IDS = ["converse", "nova-stream", "count", "titan", "cohere", "nova-embed"]
NAMES = {"ValidationException", "SerializationException"}


@pytest.fixture(autouse=True)
def free_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    # Schemas, what tools return as JSON, and the keys of a request's metadata are the caller's own.
    monkeypatch.setattr(spoiling, "FREE", ("json", "requestMetadata"))


@pytest.mark.parametrize(("target", "body", "optional"), WIRES, ids=IDS)
async def test_good_requests_are_answered(
    sim: Simulator, target: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    received = await post(sim, target, body, headers=KEY)
    assert received.status == 200, received.content


@pytest.mark.parametrize(("target", "body", "optional"), WIRES, ids=IDS)
async def test_spoiled_requests_are_refused(
    sim: Simulator, target: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    wrong: list[str] = []
    async with aiohttp.ClientSession(headers=KEY) as session:
        for mutation in mutations(body):
            async with session.post(f"{sim.url}{target}", json=mutation.body) as response:
                name = response.headers.get("x-amzn-errortype", "").partition(":")[0]
                received = await response.json() if response.status != 200 else None
            complaint = _complaint(mutation, response.status, name, received, optional)
            if complaint:
                wrong.append(complaint)
    assert wrong == []


@pytest.mark.parametrize(("target", "body", "optional"), WIRES, ids=IDS)
async def test_strange_values_never_break_the_server(
    sim: Simulator, target: str, body: dict[str, Any], optional: frozenset[str]
) -> None:
    broken: list[str] = []
    async with aiohttp.ClientSession(headers=KEY) as session:
        for mutation in strange_values(body):
            async with session.post(f"{sim.url}{target}", json=mutation.body) as response:
                await response.read()
                if response.status >= 500:
                    broken.append(mutation.name)
    assert broken == []


def _complaint(
    mutation: Mutation, status: int, name: str, received: dict[str, Any] | None, optional: frozenset[str]
) -> str | None:
    place = mutation.name.removeprefix(f"{mutation.kind} ")
    may_pass = mutation.kind == "remove" and place in optional
    if received is None:
        return None if may_pass else f"{mutation.name} got through"
    if may_pass:
        return f"{mutation.name} was refused: {received['message']}"
    if (status, set(received)) != (400, {"message"}) or name not in NAMES:
        return f"{mutation.name} has the error {status} {name} {received}"
    return None
