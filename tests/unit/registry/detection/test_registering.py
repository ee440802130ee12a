"""Registering what was detected: over the catalogue, under the user's word, for one model and for whole providers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from core.llms import AuthenticationError, ConfigurationError, RetiredModelWarning, UnknownModelError, create_llm
from core.llms.notices import DetectionWarning
from core.llms.registry import current
from core.llms.registry.capability_detector import (
    CapabilityDetector,
    ModelCapabilityDetectorFactory,
    register_detector,
)
from core.llms.registry.detection.base import finding
from core.llms.registry.llm_registry import LLMRegistry, default_registry
from core.llms.registry.models import LLMProfile
from core.llms.simulator import Simulator

FACTORY = ModelCapabilityDetectorFactory


@pytest.fixture
def registry() -> LLMRegistry:
    return LLMRegistry()


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(current, "_models", None)
    monkeypatch.setattr(finding, "_registered", {})
    yield


async def test_detected_facts_go_over_the_catalogue_s(llm_simulator: Simulator, registry: LLMRegistry) -> None:
    before = registry.get("openai/gpt-4.1-mini")
    began = datetime.now(UTC)
    profile = await FACTORY.register_model("openai", "gpt-4.1-mini", probes=["vision", "tools"], registry=registry)

    assert (profile.origin, profile.detected_by) == ("detected", "list; probe: vision, tools")
    assert profile.detected_at is not None and began <= profile.detected_at <= datetime.now(UTC)
    assert profile.capabilities.supports_vision is True
    assert (profile.prices, profile.capabilities.context_window) == (before.prices, before.capabilities.context_window)
    assert registry.get("openai/gpt-4.1-mini") == profile
    assert LLMRegistry().get("openai/gpt-4.1-mini").origin == "catalog"


async def test_user_s_word_goes_before_what_is_detected(llm_simulator: Simulator, registry: LLMRegistry) -> None:
    registry.register_model("mistral", "codestral-2508", capabilities={"supports_vision": True})
    for _ in range(2):
        profile = await FACTORY.register_model("mistral", "codestral-2508", registry=registry)
        assert (profile.origin, profile.capabilities.supports_vision) == ("user", True)
        assert (profile.detected_by, profile.capabilities.context_window) == ("list", 256_000)
    registry.unregister("codestral-2508", "mistral")
    assert registry.get("codestral-2508", "mistral").origin == "catalog"


async def test_detected_models_are_kept_in_a_file(
    llm_simulator: Simulator, registry: LLMRegistry, tmp_path: Path
) -> None:
    registry.register_model("mistral", "codestral-2508", display_name="Ours")
    await FACTORY.register_model("mistral", "codestral-2508", registry=registry)
    registry.save(tmp_path / "models.json")
    again = LLMRegistry()
    again.load(tmp_path / "models.json")

    assert again.own_profiles == registry.own_profiles
    assert [(profile.origin, profile.detected_by) for profile in again.own_profiles] == [("user", "list")]
    assert again.get("codestral-2508", "mistral").detected_at == registry.get("codestral-2508", "mistral").detected_at


async def test_new_model_is_known_once_it_is_detected(llm_simulator: Simulator) -> None:
    profile = await FACTORY.register_model("openai_compatible", "plain-chat", probes="json_schema", max_usd=None)

    assert profile.capabilities.supports_structured_output is False
    llm = create_llm("openai_compatible/plain-chat")
    assert llm.metadata.supports("structured_output") is False
    assert llm.metadata.CONTEXT_WINDOW == 8_192
    assert default_registry().get("plain-chat", "openai_compatible") == profile


async def test_every_provider_with_a_key_is_asked(llm_simulator: Simulator, registry: LLMRegistry) -> None:
    found = await FACTORY.register_all_models(
        anthropic_api_key=os.environ["ANTHROPIC_API_KEY"],
        openai_api_key=os.environ["OPENAI_API_KEY"],
        providers=["ollama"],
        registry=registry,
    )

    assert found is registry
    detected = {profile.provider for profile in registry.own_profiles}
    assert detected == {"anthropic", "openai", "ollama"}
    assert registry.get("anthropic/claude-haiku-5-5").detected_by == "list"
    assert all(request.method == "GET" or request.path.endswith("/api/show") for request in llm_simulator.requests)


async def test_failure_of_one_provider_does_not_lose_the_others(
    llm_simulator: Simulator, registry: LLMRegistry
) -> None:
    with pytest.warns(DetectionWarning, match="nothing was detected of openai: .*401"):
        await FACTORY.register_all_models(
            mistral_api_key="any", openai_api_key="invalid-key-of-a-test", registry=registry
        )
    assert {profile.provider for profile in registry.own_profiles} == {"mistral"}


async def test_failure_of_all_providers_is_raised(llm_simulator: Simulator, registry: LLMRegistry) -> None:
    with pytest.raises(AuthenticationError) as caught:
        await FACTORY.register_all_models(
            groq_api_key="invalid-key-of-a-test", openai_api_key="invalid-key-of-a-test", registry=registry
        )
    assert any("openai" in note or "groq" in note for note in caught.value.__notes__)
    assert registry.own_profiles == []


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, ConfigurationError, "say which providers"),
        ({"opneai_api_key": "k"}, ConfigurationError, "did you mean 'openai'"),
        ({"openai_key": "k"}, TypeError, "did you mean 'openai_api_key'"),
    ],
)
async def test_wrong_argument_says_what_was_meant(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        await FACTORY.register_all_models(**arguments)


async def test_retired_model_says_so(llm_simulator: Simulator) -> None:
    with pytest.warns(RetiredModelWarning, match="claude-3-5-sonnet-latest was retired on 2025-10-28; use claude"):
        profile = await FACTORY.register_claude_3_5_sonnet_latest(os.environ["ANTHROPIC_API_KEY"])
    assert (profile.model_id, profile.retired) == ("claude-3-5-sonnet-20241022", date(2025, 10, 28))
    assert (profile.origin, default_registry().own_profiles) == ("catalog", [])


async def test_named_model_is_detected(llm_simulator: Simulator) -> None:
    profile = await FACTORY.register_claude_haiku_5_5("any", probes="vision")
    assert (profile.model_id, profile.detected_by) == ("claude-haiku-5-5", "list; probe: vision")
    assert profile.capabilities.max_output_tokens == 128_000


async def test_model_that_nobody_knows_is_an_error_that_names_what_comes_close(llm_simulator: Simulator) -> None:
    with pytest.raises(UnknownModelError, match="has a model 'plain-chta'; did you mean 'plain-chat'"):
        await FACTORY.register_model("openai_compatible", "plain-chta")


async def test_known_model_that_is_not_listed_stays_as_it_is(llm_simulator: Simulator, registry: LLMRegistry) -> None:
    with pytest.warns(DetectionWarning, match=r"groq does not list '.*' for this credential"):
        profile = await FACTORY.register_model("groq", "qwen/qwen3-32b", registry=registry)
    assert (profile.origin, registry.own_profiles) == ("catalog", [])


async def test_deployment_that_no_list_has_is_found_by_its_answer(llm_simulator: Simulator) -> None:
    profile = await FACTORY.register_model("openai_compatible", "Qwen/Qwen3-VL-8B", probes="vision", max_usd=None)
    assert (profile.detected_by, profile.capabilities.supports_vision) == ("probe: vision", True)


async def test_detector_of_a_new_provider_is_one_class(llm_simulator: Simulator, registry: LLMRegistry) -> None:
    class NamingDetector(CapabilityDetector):
        PROVIDER: ClassVar[str] = "nvidia"

        def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
            return {"supports_vision": "vision" in entry["id"], "description": None}

    register_detector(NamingDetector)
    await FACTORY.register_all_models(nvidia_api_key="any", registry=registry)

    seeing = registry.get("meta/llama-3.2-90b-vision-instruct", "nvidia")
    assert (seeing.capabilities.supports_vision, seeing.origin) == (True, "detected")
    with pytest.raises(ConfigurationError, match="names no `PROVIDER`"):
        register_detector(CapabilityDetector)


def test_registering_detected_facts_again_replaces_them(registry: LLMRegistry) -> None:
    for window in (1_000, 2_000):
        facts: dict[str, Any] = {"capabilities": {"context_window": window}, "origin": "detected"}
        registry.register(LLMProfile(provider="house", model_id="m", **facts), replace=True)
    assert registry.get("house/m").capabilities.context_window == 2_000
    assert [profile.key for profile in registry.own_profiles] == [("house", "m")]
