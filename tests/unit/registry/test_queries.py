from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.llms.registry.index import ProfileIndex
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.registry.models import LLMProfile
from core.llms.registry.queries import ModelQuery
from core.llms.types.prices import PriceChange, Prices

TODAY = date(2026, 6, 1)


def profile(id: str, **facts: Any) -> LLMProfile:
    return LLMProfile.model_validate({"provider": "x", "model_id": id, **facts})


MODELS = [
    profile("seeing", capabilities={"supports_vision": True, "context_window": 16_000}, released="2026-01-01"),
    profile(
        "blind",
        capabilities={"supports_vision": False, "context_window": 200_000},
        prices={"input": "9", "output": "11"},
    ),
    profile("unknown", capabilities={"context_window": 8_000}, prices={"input": "10", "output": "10"}),
    profile(
        "cheap", capabilities={"supports_vision": True, "supports_tools": True}, prices={"input": "1", "output": "2"}
    ),
    profile("free", prices={"input": "0", "output": "0"}, knowledge_cutoff="2026-03-01"),
    profile("retired", retired="2026-05-31", capabilities={"supports_vision": True}),
    profile("deprecated", deprecated="2026-05-31", capabilities={"supports_vision": True}),
    profile("paper", capabilities={"input_modalities": ["text", "pdf"], "max_output_tokens": 500}),
]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"capabilities": ["supports_vision"]}, ["seeing", "cheap"]),
        ({"capabilities": ["vision", "tools"]}, ["cheap"]),
        ({"capabilities": ["vision"], "include_deprecated": True}, ["seeing", "cheap", "deprecated"]),
        (
            {"capabilities": ["vision"], "include_deprecated": True, "include_retired": True},
            ["seeing", "cheap", "retired", "deprecated"],
        ),
        ({"min_context_window": 16_000}, ["seeing", "blind"]),
        ({"min_output_tokens": 500}, ["paper"]),
        ({"max_cost_per_1k": 0.01}, ["unknown", "cheap", "free"]),
        ({"max_cost_per_1k": "0.011"}, ["blind", "unknown", "cheap", "free"]),
        ({"max_input_price": 9}, ["blind", "cheap", "free"]),
        ({"max_output_price": 10, "max_input_price": 5}, ["cheap", "free"]),
        ({"input_modalities": ["pdf"]}, ["paper"]),
        ({"released_after": date(2025, 12, 31), "released_before": date(2026, 1, 2)}, ["seeing"]),
        ({"knowledge_after": date(2026, 2, 1)}, ["free"]),
        ({"providers": ["y"]}, []),
        ({"families": ["other"], "capabilities": ["tools"]}, ["cheap"]),
    ],
)
def test_query_finds_what_fulfils_every_condition(conditions: dict[str, Any], found: list[str]) -> None:
    assert [each.model_id for each in ModelQuery(**conditions, today=TODAY).select(MODELS)] == found


def test_price_of_a_query_is_that_of_its_day() -> None:
    dearer = (PriceChange(date(2026, 6, 2), Prices.of("5", "5")),)
    model = profile("m").model_copy(update={"prices": Prices.of("1", "1", changes=dearer)})
    assert ModelQuery(max_input_price=1, today=TODAY).select([model]) == [model]
    assert ModelQuery(max_input_price=1, today=date(2026, 6, 2)).select([model]) == []


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("price", ["free", "cheap", "blind", "unknown"]),
        ("context", ["blind", "seeing", "unknown", "cheap"]),
        ("released", ["seeing", "blind", "cheap", "deprecated"]),
        ("name", ["blind", "cheap", "deprecated", "free"]),
    ],
)
def test_models_come_in_the_order_asked_for(key: Any, order: list[str]) -> None:
    registry = LLMRegistry(MODELS, catalog=False)
    found = registry.get_models_by_capability(sort_by=key, include_deprecated=True, include_retired=True, limit=4)
    assert [each.model_id for each in found] == order


def test_wrong_query_names_what_there_is() -> None:
    registry = LLMRegistry(MODELS, catalog=False)
    with pytest.raises(ValueError, match=r"`sort_by` must be one of price, context, released, name, not 'size'"):
        registry.get_models_by_capability(sort_by="size")  # type: ignore[arg-type]  # what a user may type
    with pytest.raises(ValueError, match="did you mean 'supports_vision'"):
        registry.get_models_by_capability("visions")
    with pytest.raises(TypeError, match="min_context"):
        registry.get_models_by_capability(min_context=5)


def test_seed_s_query_over_the_catalogue() -> None:
    found = LLMRegistry().get_models_by_capability(
        capability="supports_vision", min_context_window=16000, max_cost_per_1k=0.01
    )
    assert len(found) > 100
    assert all(each.capabilities.supports_vision and (each.capabilities.context_window or 0) >= 16000 for each in found)
    costs = [each.cost_per_1k_input for each in found]
    assert costs == sorted(costs, key=lambda cost: cost or 0)


def seeing(registry: LLMRegistry) -> set[str]:
    return {each.model_id for each in registry.get_models_by_capability("supports_vision", providers=["x"])}


def test_query_sees_at_once_what_is_registered_changed_and_taken_back() -> None:
    registry = LLMRegistry(MODELS)
    assert seeing(registry) == {"seeing", "cheap"}
    registry.register(profile("new", capabilities={"supports_vision": True}))
    assert seeing(registry) == {"seeing", "cheap", "new"}
    registry.register(profile("cheap", capabilities={"supports_vision": False}), replace=True)
    registry.deprecate("x/seeing", on=date(2026, 1, 1))
    assert seeing(registry) == {"new"}
    registry.unregister("new")
    assert seeing(registry) == set()


def test_name_means_at_once_what_is_registered_under_it() -> None:
    registry = LLMRegistry(MODELS)
    assert registry.get("x/cheap").display_name is None
    registry.register(profile("cheap", display_name="Cheap One"), replace=True)
    assert registry.get("x/cheap").display_name == "Cheap One"
    assert registry.find("cheap-one") is None
    registry.register(profile("cheap", aliases=["cheap-one"]), replace=True)
    assert registry.get("cheap-one").model_id == "cheap"
    registry.unregister("cheap-one")
    assert registry.find("cheap-one") is registry.find("x/cheap") is None


def test_many_different_queries_stay_right() -> None:
    index = ProfileIndex(MODELS)
    for number in range(400):
        assert ModelQuery(providers=[f"p{number}", "x"], capabilities=["tools"], today=TODAY).select(index) == [
            MODELS[3]
        ]
        assert ModelQuery(providers=[f"p{number}"], today=TODAY).select(index) == []
