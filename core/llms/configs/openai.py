"""OpenAI's models as configurations: `create_openai_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class OpenAIBaseConfig(ProviderBaseConfig):
    """A configuration of a model of OpenAI's."""

    PROVIDER: ClassVar[str] = "openai"
    API_KEY_ENV: ClassVar[str | None] = "OPENAI_API_KEY"
    SETTINGS: ClassVar[tuple[str, ...]] = ("organization", "project")


@register_config
class GptFourConfig(OpenAIBaseConfig):
    """GPT-4; retired."""

    model = "gpt-4"

    @classmethod
    def alias(cls) -> str:
        return "gpt-4"


@register_config
class GptFourOneMiniConfig(OpenAIBaseConfig):
    """GPT-4.1 mini."""

    model = "gpt-4.1-mini"

    @classmethod
    def alias(cls) -> str:
        return "gpt-4.1-mini"


@register_config
class GptSixOneSolConfig(OpenAIBaseConfig):
    """GPT-6.1 Sol."""

    model = "gpt-6.1-sol"

    @classmethod
    def alias(cls) -> str:
        return "gpt-6.1-sol"


@register_config
class GptSixSolConfig(OpenAIBaseConfig):
    """GPT-6 Sol."""

    model = "gpt-6-sol"

    @classmethod
    def alias(cls) -> str:
        return "gpt-6-sol"


@register_config
class GptSixLunaConfig(OpenAIBaseConfig):
    """GPT-6 Luna."""

    model = "gpt-6-luna"

    @classmethod
    def alias(cls) -> str:
        return "gpt-6-luna"


def create_openai_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> OpenAIBaseConfig:
    """Make the configuration of a model of OpenAI's by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return OpenAIBaseConfig.of_alias(model_alias, registry, overrides)
