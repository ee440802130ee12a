from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from core.llms import ConfigurationError, create_llm
from core.llms.providers.groq import create_groq_llm
from core.llms.registry import current
from core.llms.registry.provider_registry import (
    ModelSettings,
    Provider,
    ProviderRegistry,
    RateLimits,
    default_provider_registry,
)
from core.llms.simulator import Simulator

MODEL = "openai/gpt-oss-120b"


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderRegistry]:
    monkeypatch.setattr(current, "_providers", None)
    yield default_provider_registry()


def test_packaged_provider_says_where_it_is_and_what_it_reads() -> None:
    groq = ProviderRegistry().get_provider("groq")
    assert (groq.api_base, groq.key_variables) == ("https://api.groq.com/openai/v1", ("GROQ_API_KEY",))
    assert groq.address_variables == ("GROQ_BASE_URL",)


def test_every_packaged_provider_has_its_variables() -> None:
    registry = ProviderRegistry()
    known = {name: registry.get_provider(name) for name in registry.list_providers()}
    assert len(known) >= 20
    assert all(provider.key_variables and provider.address_variables for provider in known.values())


def test_seed_s_registration() -> None:
    registry = ProviderRegistry()
    registry.register_provider(
        "anthropic",
        Provider(api_base="https://api.anthropic.com", rate_limits={"requests_per_minute": 60}),  # type: ignore[arg-type]  # a mapping is read as limits
    )
    provider = registry.get_provider("anthropic")
    assert provider.rate_limits == RateLimits(requests_per_minute=60)
    assert provider.key_variables == ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")


def test_limits_are_those_of_the_model_then_the_tier_then_the_account() -> None:
    provider = Provider(
        rate_limits=RateLimits(requests_per_minute=10, tokens_per_minute=1000, requests_per_day=500),
        tiers={"two": RateLimits(requests_per_minute=20)},
        tier="two",
        models={"m": ModelSettings(rate_limits=RateLimits(tokens_per_minute=5))},
    )
    assert provider.limits_for("m") == RateLimits(requests_per_minute=20, tokens_per_minute=5, requests_per_day=500)
    assert provider.limits_for("other") == RateLimits(
        requests_per_minute=20, tokens_per_minute=1000, requests_per_day=500
    )


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"api_base": "api.example.com"}, "begins with https:// or http://"),
        ({"api_base": "https://user:secret@example.com"}, "holds no credential"),
        ({"rate_limits": {"requests_per_minute": 0}}, "greater than 0"),
        ({"rate_limits": {"requests_per_second": 1}}, "not permitted"),
        ({"tier": "five"}, "tier 'five' is not among `tiers`: there are none"),
    ],
)
def test_wrong_fact_is_refused(facts: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Provider.model_validate(facts)


def test_unknown_provider_gets_a_suggestion_and_registering_twice_must_be_meant() -> None:
    registry = ProviderRegistry()
    with pytest.raises(ConfigurationError, match="did you mean 'groq'"):
        registry.get_provider("grok")
    registry.register_provider("house", api_base="https://a.example")
    registry.register_provider("house", api_base="https://a.example")
    with pytest.raises(ConfigurationError, match="registered with other facts"):
        registry.register_provider("house", api_base="https://b.example")
    registry.unregister_provider("house")
    with pytest.raises(ConfigurationError, match="nothing is registered of 'house'"):
        registry.unregister_provider("house")


def test_factory_takes_the_registered_address_behind_argument_and_environment(
    registry: ProviderRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GROQ_BASE_URL", raising=False)
    registry.register_provider("groq", api_base="https://gateway.example/groq")
    assert create_groq_llm(MODEL, api_key="k").connector.base_url == "https://gateway.example/groq"
    monkeypatch.setenv("GROQ_BASE_URL", "https://eu.example")
    assert create_groq_llm(MODEL, api_key="k").connector.base_url == "https://eu.example/openai/v1"
    assert create_groq_llm(MODEL, api_key="k", base_url="https://x.example").connector.base_url == "https://x.example"


async def test_registered_parameters_are_sent_unless_the_call_has_its_own(
    registry: ProviderRegistry, llm_simulator: Simulator
) -> None:
    registry.register_provider("groq", models={MODEL: ModelSettings(default_parameters={"temperature": 0.2})})
    async with create_llm(f"groq/{MODEL}") as llm:
        await llm.get_answer("Say: one.", max_tokens=5)
        await llm.get_answer("Say: two.", max_tokens=5, temperature=0.7)
    assert [request.body["temperature"] for request in llm_simulator.requests] == [0.2, 0.7]


async def test_registered_provider_that_speaks_as_another_is_called(
    registry: ProviderRegistry, llm_simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOUSE_KEY", "house-key")
    registry.register_provider(
        "house",
        api_base=llm_simulator.base_url("openai"),
        key_variables=("HOUSE_KEY",),
        compatible_with="openai_compatible",
    )
    async with create_llm("house/gpt-4.1-mini") as llm:
        assert (await llm.get_answer("Say: hello.", max_tokens=5)).text == "hello."
