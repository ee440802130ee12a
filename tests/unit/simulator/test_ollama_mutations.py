"""Spoiled requests to Ollama: a mistyped field is refused, an unknown one passed over, as its decoder does."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator import mutations as spoiling
from tests.unit.simulator.lenient_mutations import broken, complaints
from tests.unit.simulator.ollama_calls import (
    CHAT,
    EMBED,
    GENERATE,
    RICH_CHAT,
    RICH_EMBED,
    RICH_GENERATE,
    RICH_SHOW,
    all_but_model,
    ask,
)

ROUTES = [(CHAT, RICH_CHAT), (GENERATE, RICH_GENERATE), (EMBED, RICH_EMBED), ("/ollama/api/show", RICH_SHOW)]
IDS = ["chat", "generate", "embed", "show"]


@pytest.fixture(autouse=True)
def free_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    # Arguments and schemas of answers are the caller's own, and members of an enumeration of any type.
    monkeypatch.setattr(spoiling, "FREE", ("arguments", "format", "enum"))


def is_own_error(status: int, received: Any) -> bool:
    """One sentence; options and formats that cannot be are refused with the status 500, by the server itself, too."""
    return isinstance(received, dict) and list(received) == ["error"] and status in (400, 404, 500)


@pytest.mark.parametrize(("path", "body"), ROUTES, ids=IDS)
async def test_good_requests_are_answered(sim: Simulator, path: str, body: dict[str, Any]) -> None:
    received = await ask(sim, body, path)
    assert received.status == 200, received.content


@pytest.mark.parametrize(("path", "body"), ROUTES, ids=IDS)
async def test_mistyped_fields_are_refused_and_missing_ones_taken(
    sim: Simulator, path: str, body: dict[str, Any]
) -> None:
    assert await complaints(f"{sim.url}{path}", body, all_but_model(body), is_own_error) == []


@pytest.mark.parametrize(("path", "body"), ROUTES, ids=IDS)
async def test_strange_values_never_break_the_server(sim: Simulator, path: str, body: dict[str, Any]) -> None:
    assert await broken(f"{sim.url}{path}", body, is_own_error) == []
