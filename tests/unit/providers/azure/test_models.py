"""Azure's rooms: key figures typed by hand from the sources, names, the output limit on both wires, calls."""

from __future__ import annotations

import warnings
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from core.llms.providers.azure import AzureBaseLLM, create_azure_llm
from core.llms.providers.azure.models import ROOMS
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.rooms import resolve_metadata
from core.llms.simulator import Simulator
from core.llms.types.costs import compute_cost
from core.llms.types.usage import Usage

CHAT_NAMES = [name for name in ROOMS if not name.startswith("text-embedding")]
REASONING_NAMES = [name for name in CHAT_NAMES if ROOMS[name].load()[0].REASONING_EFFORTS]


class Figures(NamedTuple):
    """USD per million tokens, tokens, and the day of retirement."""

    name: str
    input: str
    output: str
    cache_read: str | None
    context: int
    output_limit: int | None
    retired: date | None


# litellm 1.109.1 and models.dev (opencode 1.18.34), typed by hand on 2026-11-21.
GOLDEN = [
    Figures("gpt-35-turbo", "0.5", "1.5", None, 16_384, 4_096, None),
    Figures("gpt-4", "30", "60", None, 8_192, 4_096, date(2025, 6, 6)),
    Figures("gpt-4o-2024-05-13", "5", "15", None, 128_000, 4_096, date(2026, 12, 9)),
    Figures("gpt-4o-mini", "0.15", "0.6", "0.075", 128_000, 16_384, date(2027, 4, 14)),
    Figures("gpt-4.1-mini", "0.4", "1.6", "0.1", 1_047_576, 32_768, date(2027, 4, 14)),
    Figures("o4-mini", "1.1", "4.4", "0.275", 200_000, 100_000, date(2026, 11, 19)),
    Figures("gpt-5", "1.25", "10", "0.125", 400_000, 128_000, date(2027, 2, 9)),
    Figures("gpt-5.4", "2.5", "15", "0.25", 1_050_000, 128_000, date(2027, 9, 2)),
    Figures("gpt-5.5-2026-04-24", "5", "30", "0.5", 1_050_000, 128_000, date(2027, 10, 26)),
    Figures("gpt-5.6-terra", "2", "12", "0.2", 1_050_000, 128_000, date(2028, 1, 11)),
    Figures("gpt-6-astra", "10", "50", "1", 1_050_000, 128_000, date(2028, 1, 11)),
    Figures("gpt-6.1-sol", "2", "10", "0.1", 1_050_000, 128_000, date(2028, 3, 11)),
    Figures("gpt-6.1-terra", "1", "5", "0.05", 1_050_000, 128_000, None),
    Figures("text-embedding-3-large", "0.13", "0", None, 8_192, None, date(2028, 2, 9)),
]


def _metadata(name: str) -> type[BaseMetadata]:
    return ROOMS[name].load()[0]


@pytest.mark.parametrize("figures", GOLDEN, ids=lambda figures: figures.name)
def test_figures_are_those_of_the_sources(figures: Figures) -> None:
    metadata = _metadata(figures.name)
    assert metadata.PRICES is not None
    assert metadata.PRICES.input == Decimal(figures.input)
    assert metadata.PRICES.output == Decimal(figures.output)
    assert metadata.PRICES.cache_read == (None if figures.cache_read is None else Decimal(figures.cache_read))
    assert (figures.context, figures.output_limit) == (metadata.CONTEXT_WINDOW, metadata.MAX_TOKENS)
    assert figures.retired == metadata.RETIRED


@pytest.mark.parametrize(
    ("name", "usage", "usd"),
    [
        ("gpt-5.6-sol", {"input_tokens": 272_001}, "2.176008"),
        ("gpt-5.6-sol", {"input_tokens": 300_000, "service_tier": "flex"}, "1.2"),
        ("gpt-5.6-sol", {"input_tokens": 300_000, "service_tier": "priority"}, "4.8"),
        ("gpt-5.4", {"input_tokens": 300_000, "service_tier": "priority"}, "3"),
        ("gpt-5.4", {"input_tokens": 1, "service_tier": "flex"}, None),
        ("gpt-6-astra", {"input_tokens": 1, "service_tier": "priority"}, None),
        ("gpt-6.1-terra", {"server_tool_requests": 1}, "0.014"),
    ],
)
def test_cost_follows_prompt_size_and_service_tier(name: str, usage: dict[str, Any], usd: str | None) -> None:
    cost, _ = compute_cost(Usage(**usage), _metadata(name).PRICES)
    assert cost == (None if usd is None else Decimal(usd))


@pytest.mark.parametrize("name", ["gpt-3.5-turbo", "gpt-35-turbo", "azure-gpt-3.5-turbo", "azure-gpt-35-turbo"])
def test_both_spellings_of_gpt_35_turbo_are_one_model(name: str) -> None:
    assert resolve_metadata("azure", name, ROOMS)[0].NAME == "azure-gpt-3.5-turbo"


def _llm(simulator: Simulator, name: str, wire: str | None = None) -> AzureBaseLLM:
    """The deployment goes by the model's id: the simulator has one of that name for every model it knows."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* was retired on ")
        return create_azure_llm(
            name,
            api_key="test",
            endpoint=simulator.azure_endpoint,
            deployment_name=_metadata(name).MODEL_ID,
            wire=wire,
        )


def _limits(body: dict[str, Any]) -> dict[str, int]:
    return {field: value for field, value in body.items() if "tokens" in field}


@pytest.mark.parametrize("name", CHAT_NAMES)
async def test_every_model_answers_within_a_limit(llm_simulator: Simulator, name: str) -> None:
    async with _llm(llm_simulator, name) as llm:
        response = await llm.get_answer("Say: hello", max_tokens=500)
    responses = _metadata(name).WIRE == "responses"
    sent = llm_simulator.requests[-1]
    assert sent.path == ("/azure/openai/v1/responses" if responses else "/azure/openai/v1/chat/completions")
    assert "hello" in response.text
    assert response.cost is not None
    assert response.cost > 0


@pytest.mark.parametrize(("wire", "field"), [("chat", "max_completion_tokens"), ("responses", "max_output_tokens")])
@pytest.mark.parametrize("name", REASONING_NAMES)
async def test_reasoning_models_get_the_limit_by_the_wires_own_name(
    llm_simulator: Simulator, name: str, wire: str, field: str
) -> None:
    async with _llm(llm_simulator, name, wire=wire) as llm:
        await llm.get_answer("Say: hello", max_tokens=700)
    assert _limits(llm_simulator.requests[-1].body) == {field: 700}


@pytest.mark.parametrize(
    ("name", "field"),
    [("gpt-4o", "max_tokens"), ("gpt-4.1", "max_tokens"), ("gpt-4.1-mini", "max_completion_tokens")],
)
async def test_chat_models_get_the_limit_by_the_name_their_room_says(
    llm_simulator: Simulator, name: str, field: str
) -> None:
    async with _llm(llm_simulator, name) as llm:
        await llm.get_answer("Say: hello", max_tokens=700)
    assert _limits(llm_simulator.requests[-1].body) == {field: 700}


@pytest.mark.parametrize("name", ["o1-pro", "gpt-5-nano", "gpt-5.4-mini"])
async def test_reasoning_models_of_the_catalogue_alone_get_it_too(llm_simulator: Simulator, name: str) -> None:
    async with create_azure_llm(name, deployment_name=name) as llm:
        await llm.get_answer("Say: hello", max_tokens=700)
    assert _limits(llm_simulator.requests[-1].body) == {"max_completion_tokens": 700}


@pytest.mark.parametrize("name", ["text-embedding-3-small", "text-embedding-3-large"])
async def test_embedding_models_give_their_dimensions(llm_simulator: Simulator, name: str) -> None:
    async with _llm(llm_simulator, name) as llm:
        response = await llm.embed("hello")
    assert len(response.vectors[0]) == _metadata(name).EMBEDDING_DIMENSIONS
    assert response.cost is not None
    assert response.cost > 0
