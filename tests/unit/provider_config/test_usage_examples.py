"""The documented ways of use, awaited, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from core.llms.provider_config.errors import ConfigInactiveError, ProviderConfigError
from core.llms.provider_config.factory import ProviderFactory
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.providers.openai import OpenAIBaseLLM
from core.llms.providers.watsonx import WatsonxBaseLLM
from core.llms.simulator import Simulator

pytestmark = pytest.mark.filterwarnings("ignore::core.llms.RetiredModelWarning")


async def register_both(provider_config_service: ProviderConfigService) -> None:
    watsonx_params = LLMParametersCreate(
        name="watsonx_default",
        description="Default Watsonx parameters",
        max_new_tokens=100,
        temperature=0.7,
        top_k=50,
        top_p=1.0,
    )
    watsonx_template = PromptTemplateCreate(
        name="watsonx_default",
        provider="watsonx",
        description="Default Watsonx template",
        system_prompt="You are a helpful AI assistant powered by IBM Watsonx",
        context_prefix="Context:",
        query_prefix="Question:",
        answer_prefix="Answer:",
    )
    watsonx_config = await provider_config_service.register_provider_model(
        provider="watsonx", model_id="granite-13b", parameters=watsonx_params, prompt_template=watsonx_template
    )
    openai_params = LLMParametersCreate(
        name="openai_default",
        description="Default OpenAI parameters",
        max_new_tokens=150,
        temperature=0.9,
        top_k=50,
        top_p=1.0,
    )
    openai_template = PromptTemplateCreate(
        name="openai_default",
        provider="openai",
        description="Default OpenAI template",
        system_prompt="You are a helpful AI assistant powered by OpenAI",
        context_prefix="Context:",
        query_prefix="Question:",
        answer_prefix="Answer:",
    )
    openai_config = await provider_config_service.register_provider_model(
        provider="openai", model_id="gpt-4", parameters=openai_params, prompt_template=openai_template
    )
    assert watsonx_config.is_active
    assert openai_config.is_active


async def test_registering_and_managing_providers(service: ProviderConfigService) -> None:
    await register_both(service)
    config = await service.get_provider_model("watsonx", "granite-13b")
    assert config is not None
    assert config.parameters.top_k == 50

    await service.update_provider_model(provider="watsonx", model_id="granite-13b", updates={"is_active": False})
    await service.verify_provider_model("watsonx", "granite-13b")
    registry = await service.list_providers(active_only=True)
    assert [(provider.provider_name, provider.model_id) for provider in registry.providers] == [("openai", "gpt-4")]

    new_params = await service.parameters.create(LLMParametersCreate(name="new", temperature=0.1))
    updated = await service.update_provider_model(
        provider="watsonx", model_id="granite-13b", updates={"parameters_id": new_params.id, "is_active": True}
    )
    assert (updated.parameters.name, updated.is_active) == ("new", True)
    for provider in (await service.list_providers(active_only=True)).providers:
        assert (await service.verify_provider_model(provider.provider_name, provider.model_id)).is_verified


async def test_generator_uses_what_is_configured(service: ProviderConfigService, sim: Simulator) -> None:
    await register_both(service)
    async with Generator(service) as generator:
        response = await generator.generate("openai", "gpt-4", "Say: hi", context="It is late.")
        body = sim.requests[-1].body
        assert response.text
        await service.update_provider_model("openai", "gpt-4", {"is_active": False})
        with pytest.raises(ConfigInactiveError, match="switched off"):
            await generator.generate("openai", "gpt-4", "Say: hi")
        with pytest.raises(ProviderConfigError, match="not configured"):
            await generator.generate("openai", "gpt-5", "Say: hi")
    assert body["messages"] == [
        {"role": "system", "content": "You are a helpful AI assistant powered by OpenAI"},
        {"role": "user", "content": "Context:\nIt is late.\n\nQuestion:\nSay: hi\n\nAnswer:"},
    ]
    assert (body["max_completion_tokens"], body["temperature"], body["top_p"]) == (150, 0.9, 1.0)
    assert "top_k" not in body


async def test_a_change_is_in_the_next_answer_s_request(service: ProviderConfigService, sim: Simulator) -> None:
    await register_both(service)
    async with Generator(service) as generator:
        await generator.generate("openai", "gpt-4", "Say: hi")
        await service.parameters.update("openai_default", {"temperature": 0.1})
        await generator.generate("openai", "gpt-4", "Say: hi")
    assert [request.body["temperature"] for request in list(sim.requests)[-2:]] == [0.9, 0.1]


async def test_factory_makes_the_provider_s_llm_with_the_configuration_applied(
    service: ProviderConfigService, sim: Simulator
) -> None:
    await register_both(service)
    factory = ProviderFactory(service)
    async with await factory.create_provider("watsonx", "granite-13b") as watsonx:
        assert isinstance(watsonx, WatsonxBaseLLM)
    async with await factory.create_provider("openai", "gpt-4") as openai:
        assert isinstance(openai, OpenAIBaseLLM)
        await openai.get_answer("Say: hi", max_tokens=7)
        whole = sim.requests[-1].body
        await openai.stream_answer("Say: hi").get_response()
    assert whole["messages"][-1] == {"role": "user", "content": "Question:\nSay: hi\n\nAnswer:"}
    assert (whole["max_completion_tokens"], whole["temperature"]) == (7, 0.9)
    assert sim.requests[-1].body["messages"][0]["role"] == "system"
