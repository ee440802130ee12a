"""Detection finds what the simulator's models are configured to do: every provider's, by list and by probe."""

from __future__ import annotations

import pytest

from core.llms.create import list_providers
from core.llms.registry.capability_detector import DetectedModel, ModelCapabilityDetectorFactory
from core.llms.simulator import Simulator
from tests.unit.registry.detection.configured import Ability, configured

PROVIDERS = list_providers()
EVERY_PROVIDER = pytest.mark.parametrize("provider", PROVIDERS)
PROBES = ("vision", "tools", "parallel_tools", "json_schema", "streaming", "system_role")
# What the lists tell, by provider; the others name their models and no more of this.
LISTS = {
    "anthropic": ("supports_vision", "supports_structured_output"),
    "bedrock": ("supports_vision",),
    "cohere": ("supports_vision", "supports_tools", "supports_structured_output"),
    "fireworks": ("supports_vision", "supports_tools"),
    "huggingface": ("supports_vision", "supports_tools", "supports_structured_output"),
    "mistral": ("supports_vision", "supports_tools"),
    "ollama": ("supports_vision", "supports_tools"),
    "openrouter": ("supports_vision", "supports_tools", "supports_structured_output"),
    "watsonx": ("supports_vision", "supports_tools"),
    "xai": ("supports_vision",),
}
# Lists of which it is not known that they are complete.
SAYING_NO_NO = ("cohere",)
TELLING_LIMITS = (
    *("anthropic", "cohere", "fireworks", "google", "groq", "huggingface", "mistral", "ollama"),
    *("openai_compatible", "openrouter", "together", "watsonx"),
)


def expected(ability: Ability) -> dict[str, bool]:
    return {
        "vision": ability.vision,
        "tools": ability.tools,
        "parallel_tools": ability.tools,
        "json_schema": ability.json_schema,
        "streaming": True,
        "system_role": True,
    }


def answers(model: DetectedModel) -> dict[str, bool | int | None]:
    return {result.probe: result.answer for result in model.probes}


@EVERY_PROVIDER
async def test_probes_find_what_every_model_can_do(provider: str, llm_simulator: Simulator) -> None:
    report = await ModelCapabilityDetectorFactory.detect(provider, probes=PROBES, max_usd=None)

    able = configured(provider)
    chatting = {model.model: answers(model) for model in report.models if model.probes}
    assert chatting == {name: expected(able[name]) for name in chatting}
    assert len(chatting) > 0
    silent = {model.model for model in report.models if not model.probes}
    assert silent.isdisjoint(able)


@EVERY_PROVIDER
async def test_lists_tell_what_every_model_can_do(provider: str, llm_simulator: Simulator) -> None:
    report = await ModelCapabilityDetectorFactory.detect(provider)

    able = configured(provider)
    told = {model.model: model.profile.capabilities for model in report.models if model.profile and model.model in able}
    assert len(told) > 0
    for fact in LISTS.get(provider, ()):
        name = {"supports_structured_output": "json_schema"}.get(fact, fact.removeprefix("supports_"))
        expected_facts = {model: getattr(able[model], name) for model in told}
        if provider in SAYING_NO_NO:
            expected_facts = {model: answer or None for model, answer in expected_facts.items()}
        assert {model: getattr(found, fact) for model, found in told.items()} == expected_facts
    if provider in TELLING_LIMITS:
        assert all(found.context_window for found in told.values())
    assert {model.profile.detected_by for model in report.models if model.profile} == {"list"}
    assert {request.path for request in llm_simulator.requests}.isdisjoint(("/v1/chat/completions", "/v1/messages"))
    assert (str(report.cost), report.probe_count, report.plan.probes) == ("0", 0, ())


@EVERY_PROVIDER
async def test_bill_is_shown_before_and_never_exceeded(provider: str, llm_simulator: Simulator) -> None:
    factory = ModelCapabilityDetectorFactory
    model = next(iter(configured(provider)))
    plan = await factory.plan_probes(provider, model)
    before = len(llm_simulator.requests)
    assert all(each.model == plan.probes[0].model for each in plan.probes)
    report = await factory.detect(provider, model, probes=True, max_usd=None)

    assert report.plan == plan
    sent = [request for request in list(llm_simulator.requests)[before:] if request.method == "POST"]
    assert report.probe_count == len(plan.sent) <= len(sent)
    assert report.cost_is_complete == (not plan.unpriced)
    assert report.cost <= plan.highest_cost
    assert (report.cost > 0) == (plan.highest_cost > 0)
