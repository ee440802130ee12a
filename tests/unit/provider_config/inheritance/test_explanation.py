"""Presets with models that take only some of their values, and the explanation of what holds."""

from __future__ import annotations

import pytest

from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.inheritance.explanation import Origin
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator

BASE = LLMParametersCreate(name="base", temperature=0.6, max_new_tokens=300, preset="classification")
HEIR = LLMParametersCreate(name="heir", parent="base", top_k=5, temperature=0.2, unset=["max_new_tokens"])


@pytest.mark.parametrize(
    ("model", "sent", "left_out"),
    [
        ("gpt-4.1-mini", {"temperature": 0.0}, {"reasoning_effort", "verbosity"}),
        ("gpt-5", {"reasoning_effort": "low", "verbosity": "low"}, {"temperature"}),
    ],
)
async def test_a_preset_gives_each_model_what_it_takes_and_tells_the_rest(
    service: ProviderConfigService, sim: Simulator, model: str, sent: dict[str, object], left_out: set[str]
) -> None:
    config = await service.register_provider_model(
        "openai", model, LLMParametersCreate(name="labels", preset="classification"), settings={"wire": "chat"}
    )
    assert set(config.unsupported_parameters) == left_out
    async with Generator(service) as generator:
        response = await generator.generate("openai", model, "Say: hi")
    body = sim.requests[-1].body
    assert {name: value for name, value in body.items() if name not in ("model", "messages")} == sent
    assert response.warnings == ()


async def test_a_preset_does_not_spoil_what_was_chosen(service: ProviderConfigService) -> None:
    chosen = LLMParametersCreate(name="chosen", temperature=0.4, preset="code")
    model = ("anthropic", "claude-sonnet-4-5")
    await service.register_provider_model(*model, chosen, verify=False, settings={"api_version": "2023-06-01"})
    explained = await service.explain_parameters(*model)
    assert explained["temperature"].is_sent
    assert (explained["reasoning_effort"].is_sent, explained["reasoning_effort"].reason) == (
        False,
        "with it the model would not take `temperature`",
    )


async def test_each_value_is_explained(service: ProviderConfigService) -> None:
    await service.parameters.create(BASE)
    await service.register_provider_model("openai", "gpt-4.1-mini", HEIR, verify=False)
    explained = await service.explain_parameters("openai", "gpt-4.1-mini")
    assert (explained.chain, explained.preset, explained.preset_from) == (("heir", "base"), "classification", "base")
    temperature = explained["temperature"]
    assert (temperature.value, temperature.is_sent, temperature.reason) == (0.2, True, None)
    assert temperature.origin == Origin(source="parameters", name="heir", value=0.2)
    above, preset = temperature.overrode
    assert above == Origin(source="ancestor", name="base", depth=1, value=0.6)
    assert (preset.source, preset.name, preset.value) == ("preset", "classification", 0.0)
    assert preset.reason is not None and "likeliest label" in preset.reason
    limit = explained["max_tokens"]
    assert limit is explained["max_new_tokens"]
    assert (limit.value, limit.origin.is_unset, limit.is_sent) == (None, True, False)
    assert limit.reason == "'heir' switches it off: the model's own default holds"
    assert [word.value for word in limit.overrode] == [300]
    assert (explained["top_k"].value, explained["top_k"].is_sent) == (5, False)
    assert "`top_k` is not supported" in str(explained["top_k"].reason)
    assert (explained["seed"].origin.source, explained["seed"].reason) == (
        "model",
        "nothing sets it: the model's own default holds",
    )
    with pytest.raises(KeyError):
        explained["warmth"]


async def test_a_models_own_effort_is_told_where_nobody_sets_one(service: ProviderConfigService) -> None:
    await service.register_provider_model("openai", "gpt-5", LLMParametersCreate(name="bare"), verify=False)
    effort = (await service.explain_parameters("openai", "gpt-5"))["reasoning_effort"]
    assert (effort.value, effort.origin.source, effort.is_sent) == ("medium", "model", False)
    with pytest.raises(ConfigNotFoundError):
        await service.explain_parameters("openai", "gpt-4o")
