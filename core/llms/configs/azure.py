"""Azure OpenAI's models as configurations: `create_azure_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class AzureBaseConfig(ProviderBaseConfig):
    """A configuration of a deployment on Azure OpenAI."""

    PROVIDER: ClassVar[str] = "azure"
    API_KEY_ENV: ClassVar[str | None] = "AZURE_OPENAI_API_KEY"
    SETTINGS: ClassVar[tuple[str, ...]] = ("endpoint", "deployment_name", "api_version")


@register_config
class AzureGptSixOneSolConfig(AzureBaseConfig):
    """GPT-6.1 Sol."""

    model = "gpt-6.1-sol"

    @classmethod
    def alias(cls) -> str:
        return "azure-gpt-6.1-sol"


@register_config
class AzureGptSixSolConfig(AzureBaseConfig):
    """GPT-6 Sol."""

    model = "gpt-6-sol"

    @classmethod
    def alias(cls) -> str:
        return "azure-gpt-6-sol"


@register_config
class AzureGptSixLunaConfig(AzureBaseConfig):
    """GPT-6 Luna."""

    model = "gpt-6-luna"

    @classmethod
    def alias(cls) -> str:
        return "azure-gpt-6-luna"


@register_config
class AzureGptFourOneMiniConfig(AzureBaseConfig):
    """GPT-4.1 mini."""

    model = "gpt-4.1-mini"

    @classmethod
    def alias(cls) -> str:
        return "azure-gpt-4.1-mini"


def create_azure_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> AzureBaseConfig:
    """Make the configuration of a deployment on Azure OpenAI by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return AzureBaseConfig.of_alias(model_alias, registry, overrides)
