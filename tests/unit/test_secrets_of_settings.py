"""Settings that may hold secrets: no pickle has them, and no error that refuses them repeats them."""

from __future__ import annotations

import copy
import pickle
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.llms import (
    BaseLLM,
    ConfigurationError,
    Secret,
    TransportOptions,
    UnsupportedParameterError,
    create_model,
)
from core.llms.configs.base.definitions import AliasDefinition, define_config
from core.llms.providers.anthropic.connector import AnthropicConfig
from core.llms.providers.azure.connector import AzureConfig
from core.llms.providers.base.key_connector import KeyConfig
from core.llms.providers.bedrock.account import BedrockConfig
from core.llms.providers.google.account import GoogleConfig
from core.llms.providers.openai import create_openai_llm
from core.llms.providers.openai.connector import OpenAIConfig
from core.llms.providers.openai.models.gpt5.metadata import GPT5Metadata
from core.llms.providers.watsonx.account import WatsonxConfig

CANARY = "canary-8f3a"
HOLDERS: list[tuple[type, tuple[str, ...]]] = [
    (TransportOptions, ("proxy", "client_key_password")),
    (AnthropicConfig, ("api_key", "auth_token")),
    (AzureConfig, ("api_key", "client_secret")),
    (BedrockConfig, ("api_key", "secret_access_key", "session_token")),
    (GoogleConfig, ("api_key", "service_account")),
    (KeyConfig, ("api_key",)),
    (OpenAIConfig, ("api_key",)),
    (WatsonxConfig, ("api_key", "token", "zen_api_key", "password")),
]
CASES: list[tuple[type, str, Any]] = [
    *((kind, name, value) for kind, names in HOLDERS for name in names for value in (CANARY, Secret(CANARY))),
    (TransportOptions, "headers", {"x-proxy-key": CANARY}),
]


@pytest.mark.parametrize(("kind", "name", "value"), CASES)
def test_settings_with_a_secret_refuse_to_be_pickled_and_stay_themselves_when_copied(
    kind: type, name: str, value: Any
) -> None:
    settings = kind(**{name: value})
    with pytest.raises(TypeError, match=f"`{name}` cannot be pickled") as caught:
        pickle.dumps(settings)
    assert CANARY not in str(caught.value)
    assert copy.copy(settings) is settings
    assert copy.deepcopy({"settings": settings})["settings"] is settings


@pytest.mark.parametrize("kind", [kind for kind, _ in HOLDERS])
def test_settings_without_a_secret_are_pickled(kind: type) -> None:
    settings = kind(ca_file=Path("ca.pem"), keepalive_seconds=5.0) if kind is TransportOptions else kind()
    assert pickle.loads(pickle.dumps(settings)) == settings


def with_proxy(address: str) -> BaseLLM:
    return create_openai_llm("m", api_key="k", transport=TransportOptions(proxy=address))


REFUSED: dict[str, Callable[[], Any]] = {
    **{
        name: partial(create_model, "gpt-4.1-mini", registry=None, **{name: CANARY})
        for name in ("temperature", "max_tokens", "stream", "logit_bias", "store", "reasoning_effort")
    },
    "a list": lambda: create_model("gpt-4.1-mini", stop=[CANARY, 5]),
    "a system message": lambda: create_model("gpt-4.1-mini", system_message=[CANARY]),
    "a model that reasons": lambda: GPT5Metadata.validate_params({"reasoning_effort": CANARY}),
    "a model": lambda: create_model("gpt-4.1-mini", model=[CANARY]),
    "a definition": lambda: define_config(
        AliasDefinition(alias="a", provider="openai", model="gpt-4.1-mini", parameters={"seed": CANARY})
    )().validate(),
    "a definition's key": lambda: AliasDefinition(
        alias="a", provider="openai", model="gpt-4.1-mini", settings={"api_key": CANARY}
    ),
    "an address without a scheme": lambda: create_openai_llm("m", api_key="k", base_url=f"u:{CANARY}@host"),
    "an address with a wrong port": lambda: create_openai_llm("m", api_key="k", base_url=f"https://u:{CANARY}/x@host"),
    "an address with a password": lambda: create_openai_llm("m", api_key="k", base_url=f"https://u:{CANARY}@host"),
    "a proxy of another scheme": lambda: with_proxy(f"ftp://u:{CANARY}@host"),
    "a proxy with a wrong port": lambda: with_proxy(f"http://u:{CANARY}/x@host"),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_an_error_does_not_repeat_a_value_that_may_be_secret(refused: str) -> None:
    with pytest.raises((ConfigurationError, UnsupportedParameterError)) as caught:
        REFUSED[refused]()
    assert CANARY not in str(caught.value)
    assert CANARY not in traceback.format_exception_only(caught.value)[0]
    chain: BaseException | None = caught.value
    while chain is not None:
        assert CANARY not in str(chain)
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
