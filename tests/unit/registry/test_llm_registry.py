from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from core.llms import ConfigurationError, UnknownModelError
from core.llms.providers.openai import create_openai_llm
from core.llms.registry import current
from core.llms.registry.llm_registry import LLMRegistry, default_registry, register_model
from core.llms.registry.models import LLMProfile, ModelFamily
from core.llms.types.prices import Prices


@pytest.fixture
def registry() -> LLMRegistry:
    return LLMRegistry()


@pytest.fixture
def fresh_default(monkeypatch: pytest.MonkeyPatch) -> Iterator[LLMRegistry]:
    monkeypatch.setattr(current, "_models", None)
    yield default_registry()


@pytest.mark.parametrize(
    "name", ["gpt-4.1-mini", "openai/gpt-4.1-mini", "openai-gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"]
)
def test_model_is_found_by_each_of_its_names(registry: LLMRegistry, name: str) -> None:
    assert registry.get(name).key == ("openai", "gpt-4.1-mini")


def test_bare_name_that_several_serve_is_the_maker_s(registry: LLMRegistry) -> None:
    assert registry.get("gpt-4.1-mini").provider == "openai"
    assert registry.get("gpt-4.1-mini", provider="azure").provider == "azure"


def test_bare_name_without_a_maker_asks_for_the_provider(registry: LLMRegistry) -> None:
    with pytest.raises(UnknownModelError, match=r"several providers serve 'gpt-oss-120b': .*cerebras/"):
        registry.get("gpt-oss-120b")


def test_unknown_name_gets_a_suggestion(registry: LLMRegistry) -> None:
    with pytest.raises(UnknownModelError, match=r"did you mean 'gpt-4\.1-mini'"):
        registry.get("gpt-4.1-mni")
    assert registry.find("gpt-4.1-mni") is None
    with pytest.raises(LookupError):
        registry.get("gpt-4.1-mni", provider="openai")


def test_registered_facts_go_before_the_catalogue_one_by_one(registry: LLMRegistry) -> None:
    before = registry.get("openai/gpt-4.1-mini")
    merged = registry.register_model(
        "openai", "gpt-4.1-mini", capabilities={"context_window": 5000, "max_output_tokens": 100}
    )
    assert merged == registry.get("gpt-4.1-mini")
    assert merged.capabilities.context_window == 5000
    assert merged.capabilities.supports_vision is before.capabilities.supports_vision is True
    assert (merged.prices, merged.origin) == (before.prices, "user")
    assert LLMRegistry().get("openai/gpt-4.1-mini") == before
    registry.unregister("openai/gpt-4.1-mini")
    assert registry.get("openai/gpt-4.1-mini") == before


def test_new_model_is_listed_and_found(registry: LLMRegistry) -> None:
    registry.register_model("house", "tuned-1", aliases=("tuned",), capabilities={"supports_vision": True})
    assert "house" in registry.list_providers()
    assert registry.get("tuned").key == registry.get("house/tuned-1").key == ("house", "tuned-1")
    assert [profile.name for profile in registry.list_models("house")] == ["house-tuned-1"]
    assert "house-tuned-1" in {each.name for each in registry.get_models_by_capability("vision")}


def test_registering_again_is_nothing_and_otherwise_must_be_meant(registry: LLMRegistry) -> None:
    registry.register_model("house", "m", wire="chat")
    registry.register_model("house", "m", wire="chat")
    with pytest.raises(ConfigurationError, match=r"house/m is registered with other facts; pass `replace=True`"):
        registry.register_model("house", "m", wire="responses")
    assert registry.register_model("house", "m", wire="responses", replace=True).wire == "responses"


def test_deprecated_model_is_left_out_of_queries_and_says_what_replaces_it(registry: LLMRegistry) -> None:
    names = {each.name for each in registry.get_models_by_capability("tools", providers=["openai"])}
    assert "openai-gpt-6-luna" in names
    profile = registry.deprecate("openai/gpt-6-luna", replacement="gpt-7", on=date(2026, 1, 1))
    assert (profile.is_deprecated, profile.replacement, profile.deprecated) == (True, "gpt-7", date(2026, 1, 1))
    after = {each.name for each in registry.get_models_by_capability("tools", providers=["openai"])}
    assert names - after == {"openai-gpt-6-luna"}
    kept = registry.get_models_by_capability("tools", providers=["openai"], include_deprecated=True)
    assert "openai-gpt-6-luna" in {each.name for each in kept}


def test_retired_model_is_not_valid(registry: LLMRegistry) -> None:
    assert registry.validate_model("openai/gpt-6-luna").model_id == "gpt-6-luna"
    with pytest.raises(ConfigurationError, match=r"groq-mixtral-8x7b-32768 was retired on 2025-03-20; use "):
        registry.validate_model("groq/mixtral-8x7b-32768")


def test_registry_without_the_catalogue_is_empty() -> None:
    registry = LLMRegistry([LLMProfile(provider="house", model_id="m")], catalog=False)
    assert [profile.name for profile in registry.list_models()] == ["house-m"]
    assert registry.find("gpt-4.1-mini") is None


def test_family_lists_its_models_at_every_provider(registry: LLMRegistry) -> None:
    found = registry.list_models(family="claude")
    assert {profile.family for profile in found} == {ModelFamily.CLAUDE}
    assert {"anthropic", "bedrock"} <= {profile.provider for profile in found}


def test_factory_takes_what_is_registered(fresh_default: LLMRegistry) -> None:
    register_model(
        "openai", "gpt-4.1-mini", prices={"input": "7", "output": "8"}, capabilities={"max_output_tokens": 9}
    )
    llm = create_openai_llm("gpt-4.1-mini", api_key="k")
    assert Prices.of("7", "8") == llm.metadata.PRICES
    assert llm.metadata.MAX_TOKENS == 9
    assert Decimal("0.007") == llm.metadata.COST_PER_1K_INPUT
    assert llm.metadata.CONTEXT_WINDOW == 1_047_576
    assert type(llm).__name__ == "GPT41MiniLLM"
    own = create_openai_llm("gpt-4.1-mini", api_key="k", registry=LLMRegistry())
    assert own.metadata.MAX_TOKENS == 32_768


def test_registered_model_that_was_not_listed_is_called_without_a_warning(fresh_default: LLMRegistry) -> None:
    register_model("openai", "ft:gpt-4.1-mini:acme::1", aliases=("acme",), prices={"input": "1", "output": "2"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        llm = create_openai_llm("acme", api_key="k")
    assert llm.metadata.MODEL_ID == "ft:gpt-4.1-mini:acme::1"
    assert Prices.of("1", "2") == llm.metadata.PRICES
