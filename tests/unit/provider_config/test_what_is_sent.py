"""What registration says is sent, a call takes, on every wire of every provider; what it names as unsupported stays."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import pytest

from core.llms.create import create_llm, list_providers
from core.llms.errors import InvalidRequestError
from core.llms.features import find_llm_class
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.called_models import find_called_model
from core.llms.provider_config.compatibility import check_compatibility
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.parameter_names import EXTRA_NAMES, NEUTRAL_NAMES, field_of
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.providers.base.implementation import BaseLLM
from core.llms.simulator import Simulator
from core.llms.types.parameters import ALL_PARAMS

VALUES: dict[str, Any] = {
    "max_tokens": 2_000,
    "temperature": 0.5,
    "top_p": 0.5,
    "top_k": 5,
    "stop": ["END"],
    "seed": 7,
    "frequency_penalty": 0.5,
    "presence_penalty": 0.5,
    "n": 2,
    "logprobs": True,
    "top_logprobs": 2,
    "logit_bias": {"5": 1},
    "parallel_tool_calls": False,
    "reasoning_effort": "low",
    "reasoning_summary": "auto",
    "verbosity": "low",
    "service_tier": "default",
    "store": True,
    "metadata": {"user_id": "somebody"},
    "prompt_cache_key": "key",
    "prompt_cache_retention": "24h",
    "safety_identifier": "somebody",
    "previous_response_id": "resp_1",
}
WIRES = [(provider, wire) for provider in list_providers() for wire in find_llm_class(provider).wires()]
# One model a wire that its provider lists and the simulator answers for, with parameters that the wire lacks.
LACKING = [
    ("openai", "gpt-5", "responses", {"seed": 7, "n": 2, "stop": ["END"]}),
    ("openai", "gpt-4.1-mini", "responses", {"seed": 7, "frequency_penalty": 0.5, "logit_bias": {"5": 1}}),
    ("openai", "gpt-5", "chat", {"reasoning_summary": "auto", "previous_response_id": "resp_1"}),
    ("azure", "gpt-5", "responses", {"seed": 7}),
    ("openrouter", "openai/gpt-5.6-luna", "responses", {"seed": 7}),
    ("perplexity", "sonar-pro", "responses", {"top_k": 5, "frequency_penalty": 0.5}),
    ("xai", "grok-4.7", "responses", {"seed": 7, "n": 2}),
    ("deepseek", "deepseek-flash", "responses", {"stop": ["END"]}),
    ("anthropic", "claude-haiku-4-5", "messages", {"seed": 7, "reasoning_summary": "auto"}),
    (
        "bedrock",
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "converse",
        {"seed": 7, "reasoning_summary": "auto"},
    ),
]


def stored(values: dict[str, Any], name: str = "stored") -> LLMParametersCreate:
    own = {field_of(neutral): value for neutral, value in values.items()}
    extra = {field: own.pop(field) for field in list(own) if field in EXTRA_NAMES}
    return LLMParametersCreate(name=name, extra_parameters=extra, **own)


def refusal_of(llm: BaseLLM, values: Any) -> str | None:
    try:
        llm.render_answer("Hi", **values)
    except InvalidRequestError as error:
        return error.message
    return None


def test_the_table_has_every_parameter() -> None:
    assert VALUES.keys() == ALL_PARAMS
    assert {field_of(name) for name in VALUES} == {*NEUTRAL_NAMES, *EXTRA_NAMES}


@pytest.mark.parametrize(("provider", "wire"), WIRES, ids=[f"{provider}-{wire}" for provider, wire in WIRES])
def test_what_is_sendable_is_what_a_call_takes(sim: Simulator, provider: str, wire: str) -> None:
    rooms = import_module(f"core.llms.providers.{provider}.models").ROOMS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for model in [*rooms, "a-model-that-nobody-knows"]:
            llm = create_llm(f"{provider}/{model}", wire=wire)
            if refusal_of(llm, {}) is not None:
                # It makes embeddings.
                continue
            called = find_called_model(provider, model, {"wire": wire})
            for name, value in VALUES.items():
                known = check_compatibility(called, stored({name: value}))
                assert (name in known.sendable) is (refusal_of(llm, {name: value}) is None), (model, name)
                assert (name in known.sendable) is (field_of(name) not in known.left_out), (model, name)
            together = check_compatibility(called, stored(VALUES))
            assert refusal_of(llm, together.sendable) is None, model
            for name in VALUES.keys() - together.sendable.keys():
                assert refusal_of(llm, {**together.sendable, name: VALUES[name]}) is not None, (model, name)


@pytest.mark.parametrize("row", LACKING, ids=[f"{provider}-{model}-{wire}" for provider, model, wire, _ in LACKING])
async def test_a_call_with_what_its_wire_lacks_goes_through_without_it(
    service: ProviderConfigService, sim: Simulator, row: tuple[str, str, str, dict[str, Any]]
) -> None:
    provider, model, wire, lacking = row
    parameters = stored({"max_tokens": 2_000, **lacking})
    config = await service.register_provider_model(
        provider, model, parameters, verify=False, alias="it", provider_version=wire
    )
    assert set(config.unsupported_parameters) == set(config.unsupported_reasons) == {field_of(name) for name in lacking}
    assert config.parameters.neutral() == {"max_tokens": 2_000, **lacking}
    explained = await service.explain_parameters(provider, model)
    for name in lacking:
        assert (explained[name].is_sent, explained[name].reason) == (False, config.unsupported_reasons[field_of(name)])
    async with Generator(service) as generator:
        response = await generator.generate(provider, model, "Say: hi")
    sent = sim.requests[-1].body
    assert response.warnings == ()
    assert sent == create_llm(f"{provider}/{model}", wire=wire).render_answer("Say: hi", max_tokens=2_000).body
    async with ConfigAliases(service) as aliases:
        definition = await aliases.find_config("it")
        assert definition is not None
        assert [name for name in lacking if definition().get_params().get(name) is not None] == []


async def test_another_wire_takes_what_one_lacks(service: ProviderConfigService, sim: Simulator) -> None:
    model = ("openai", "gpt-5")
    await service.register_provider_model(*model, stored({"seed": 7}), verify=False)
    async with Generator(service) as generator:
        await generator.generate(*model, "Say: hi")
        assert "seed" not in sim.requests[-1].body
        changed = await service.update_provider_model(*model, {"provider_version": "chat"})
        assert changed.unsupported_parameters == ()
        await generator.generate(*model, "Say: hi")
    assert sim.requests[-1].body["seed"] == 7


async def test_a_value_that_a_wire_refuses_is_refused_where_it_takes_another(service: ProviderConfigService) -> None:
    model = ("anthropic", "claude-haiku-4-5")
    with pytest.raises(ConfigValidationError, match="`metadata` takes only `user_id` here") as caught:
        await service.register_provider_model(*model, stored({"metadata": {"team": "x"}}), verify=False)
    assert list(caught.value.problems) == ["metadata"]
    tight = stored({"max_tokens": 500, "reasoning_effort": "high"})
    with pytest.raises(ConfigValidationError, match="`reasoning_effort`: "):
        await service.register_provider_model(*model, tight, verify=False)
    await service.register_provider_model(*model, stored({"max_tokens": 9_000}), verify=False)
    with pytest.raises(ConfigValidationError, match="takes only `user_id`"):
        await service.parameters.update("stored", {"extra_parameters": {"metadata": {"team": "x"}}})


async def test_a_place_that_lacks_a_parameter_is_known_from_the_settings(service: ProviderConfigService) -> None:
    model = ("google", "gemini-3.8-flash")
    kept = stored({"store": True})
    there = await service.register_provider_model(
        *model, kept, verify=False, settings={"vertex": True, "project": "p", "location": "global"}
    )
    assert there.unsupported_parameters == ("store",)
    here = await service.update_provider_model(*model, {"settings": {}})
    assert here.unsupported_parameters == ()
