"""The three things that a user of models and providers writes first, as they would write them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.llms.notices import RetiredModelWarning
from core.llms.registry import current
from core.llms.simulator import Simulator


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(current, "_models", None)
    monkeypatch.setattr(current, "_providers", None)
    yield


async def test_registering_a_new_model(llm_simulator: Simulator) -> None:
    from core.llms.registry.capability_detector import ModelCapabilityDetectorFactory

    api_key = "..."
    # Register a specific model
    with pytest.warns(RetiredModelWarning, match="use claude-sonnet-4-6"):
        model = await ModelCapabilityDetectorFactory.register_claude_3_5_sonnet_latest(api_key)

    # Register all available models
    registry = await ModelCapabilityDetectorFactory.register_all_models(anthropic_api_key="...", openai_api_key="...")

    assert (model.provider, model.capabilities.supports_vision) == ("anthropic", True)
    assert {profile.provider for profile in registry.own_profiles} == {"anthropic", "openai"}
    assert {profile.origin for profile in registry.own_profiles} == {"detected"}


def test_finding_models_by_capability() -> None:
    from core.llms.registry.llm_registry import LLMRegistry

    registry = LLMRegistry()
    vision_models = registry.get_models_by_capability(
        capability="supports_vision",
        min_context_window=16000,
        max_cost_per_1k=0.01,
    )

    assert len(vision_models) > 100
    assert all(model.capabilities.supports_vision for model in vision_models)


def test_configuring_a_provider() -> None:
    from core.llms.registry.provider_registry import Provider, ProviderRegistry

    provider_registry = ProviderRegistry()
    provider_registry.register_provider(
        "anthropic",
        Provider(
            api_base="https://api.anthropic.com",
            rate_limits={"requests_per_minute": 60},  # type: ignore[arg-type]  # a mapping is read as the limits
        ),
    )

    assert provider_registry.get_provider("anthropic").api_base == "https://api.anthropic.com"
    assert provider_registry.limits_for("anthropic", "claude-haiku-5-5").requests_per_minute == 60
