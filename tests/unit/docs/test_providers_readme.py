"""The lines that the README of the providers' tree shows work as written: names, import paths, arguments."""

from __future__ import annotations

import inspect
from decimal import Decimal
from typing import Any

import pytest

from core.llms import LLMContext, LLMResponse, UnsupportedParameterError
from core.llms.providers.azure import create_azure_llm
from core.llms.providers.azure.base_implementation import AzureBaseLLM
from core.llms.providers.azure.connector import AzureConfig, AzureConnector
from core.llms.providers.azure.models.gpt41_mini import GPT41MiniLLM, GPT41MiniMetadata
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.openai.base_implementation import OpenAIBaseLLM
from core.llms.providers.openai.connector import OpenAIConnector
from core.llms.simulator import Simulator
from core.llms.types.parameters import PARAM_MAX_TOKENS

messages = [{"role": "user", "content": "Hello!"}]


@pytest.fixture(autouse=True)
def no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_VERSION", "AZURE_OPENAI_AD_TOKEN", "AZURE_OPENAI_DEPLOYMENT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ctx() -> LLMContext:
    return LLMContext(user_id="u1", timeout_seconds=30)


@pytest.fixture
def config(llm_simulator: Simulator) -> dict[str, str]:
    return {"endpoint": llm_simulator.azure_endpoint, "api_key": "your-key"}


class GPT35TurboMetadata:
    """A plain class, without a base, as the README has it."""

    NAME = "azure-gpt-3.5-turbo"
    MODEL_ID = "gpt-3.5-turbo"
    MAX_TOKENS = 4096
    SUPPORTED_PARAMS = {PARAM_MAX_TOKENS}


class GPT4oLLM(AzureBaseLLM):
    """Custom behavior for GPT-4o."""

    def _transform_parameters(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"max_completion_tokens" if name == "max_tokens" else name: value for name, value in params.items()}

    async def some_special_method(self, topic: str, ctx: LLMContext) -> LLMResponse:
        return await self.get_answer(f"Say: {topic}.", ctx)


def test_readme_lines_of_the_providers_tree_name_the_classes() -> None:
    assert issubclass(AzureConnector, BaseConnector) and issubclass(OpenAIConnector, BaseConnector)
    assert issubclass(AzureBaseLLM, BaseLLM) and issubclass(OpenAIBaseLLM, BaseLLM)
    assert issubclass(GPT41MiniLLM, AzureBaseLLM) and issubclass(GPT41MiniMetadata, BaseMetadata)
    assert list(inspect.signature(AzureBaseLLM.get_answer).parameters)[1:3] == ["messages", "ctx"]


async def test_readme_lines_of_the_providers_tree_simple_creation(llm_simulator: Simulator, ctx: LLMContext) -> None:
    context = ctx
    llm = create_azure_llm(
        "gpt-4.1-mini",
        api_key="your-key",
        endpoint=llm_simulator.azure_endpoint,
        deployment_name="gpt-4.1-mini",
    )

    response = await llm.get_answer(messages=[{"role": "user", "content": "Hello!"}], ctx=context, max_tokens=100)

    assert response.text.startswith('You said: "Hello!"')
    assert isinstance(response.cost, Decimal)
    (request,) = llm_simulator.requests
    assert request.path == "/azure/openai/v1/chat/completions"
    assert request.body == {"model": "gpt-4.1-mini", "messages": messages, "max_completion_tokens": 100}
    await llm.aclose()


async def test_readme_lines_of_the_providers_tree_environment(
    llm_simulator: Simulator, monkeypatch: pytest.MonkeyPatch, ctx: LLMContext
) -> None:
    monkeypatch.delenv("AZURE_OPENAI_API_KEY")
    monkeypatch.setenv("AZURE_OPENAI_KEY", "your-key")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", llm_simulator.azure_endpoint)
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT", "gpt-4.1-mini")

    llm = create_azure_llm("gpt-4.1-mini")

    assert type(llm) is GPT41MiniLLM
    assert (await llm.get_answer(messages, ctx)).finish_reason.unified == "stop"
    await llm.aclose()


async def test_readme_lines_of_the_providers_tree_vision(llm_simulator: Simulator, ctx: LLMContext) -> None:
    llm = create_azure_llm("gpt-4.1-mini")

    response = await llm.generate_with_vision(
        "What's in this image?", images=["https://example.com/image.jpg"], context=ctx, max_tokens=500
    )

    assert response.text == "Image 1 is at https://example.com/image.jpg, which the simulator never fetches."
    (request,) = llm_simulator.requests
    assert request.body["messages"][0]["content"] == [
        {"type": "text", "text": "What's in this image?"},
        {"type": "image_url", "image_url": {"url": "https://example.com/image.jpg"}},
    ]
    await llm.aclose()


async def test_readme_lines_of_the_providers_tree_plain_metadata(config: dict[str, str], ctx: LLMContext) -> None:
    connector = AzureConnector(config)
    llm = AzureBaseLLM(connector=connector, metadata=GPT35TurboMetadata)

    response = await llm.get_answer(messages, ctx, max_tokens=100)

    assert response.finish_reason.unified == "stop"
    with pytest.raises(UnsupportedParameterError, match="supported: max_tokens"):
        await llm.get_answer(messages, ctx, temperature=0.5)
    with pytest.raises(UnsupportedParameterError, match="at most 4096"):
        await llm.get_answer(messages, ctx, max_tokens=5000)
    await connector.aclose()


async def test_readme_lines_of_the_providers_tree_custom_implementation(
    config: dict[str, str], llm_simulator: Simulator, ctx: LLMContext
) -> None:
    connector = AzureConnector(config)
    llm = GPT4oLLM(connector, type("GPT4oMetadata", (BaseMetadata,), {"NAME": "azure-gpt-4o", "MODEL_ID": "gpt-4o"}))

    await llm.get_answer(messages, ctx, max_tokens=100)
    assert (await llm.some_special_method("special", ctx)).text == "special."

    assert llm_simulator.requests[0].body["max_completion_tokens"] == 100
    assert "max_tokens" not in llm_simulator.requests[0].body
    await connector.aclose()


@pytest.mark.parametrize("as_mapping", [True, False])
async def test_readme_lines_of_the_providers_tree_test_connector(config: dict[str, str], as_mapping: bool) -> None:
    data = {"model": "gpt-4.1-mini", "messages": messages}

    connector = AzureConnector(
        config if as_mapping else AzureConfig(endpoint=config["endpoint"], api_key=config["api_key"])
    )
    response = await connector.request("POST", "/chat/completions", data)

    assert (response.status, response.ok) == (200, True)
    assert response.json()["choices"][0]["message"]["role"] == "assistant"
    await connector.aclose()


def test_readme_lines_of_the_providers_tree_test_metadata() -> None:
    assert GPT41MiniMetadata.validate_params({"max_tokens": 100}) == {"max_tokens": 100}
    assert GPT41MiniMetadata.NAME == "azure-gpt-4.1-mini"
    assert PARAM_MAX_TOKENS in (GPT41MiniMetadata.SUPPORTED_PARAMS or ())
    assert isinstance(GPT41MiniMetadata.MAX_TOKENS, int)
    assert isinstance(GPT41MiniMetadata.COST_PER_1K_INPUT, Decimal)


async def test_readme_lines_of_the_providers_tree_test_implementation(config: dict[str, str], ctx: LLMContext) -> None:
    connector = AzureConnector(config)

    llm = GPT41MiniLLM(connector, GPT41MiniMetadata)
    response = await llm.get_answer(messages, ctx)

    assert response.message.role == "assistant"
    await llm.aclose()
    again = GPT41MiniLLM(connector, GPT41MiniMetadata)
    assert (await again.get_answer(messages, ctx)).text
    await connector.aclose()
