"""Cohere's models as configurations: `create_cohere_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class CohereBaseConfig(ProviderBaseConfig):
    """A configuration of a model of Cohere's."""

    PROVIDER: ClassVar[str] = "cohere"
    API_KEY_ENV: ClassVar[str | None] = "CO_API_KEY"


@register_config
class CommandAPlusConfig(CohereBaseConfig):
    """Command A+."""

    model = "command-a-plus-05-2026"

    @classmethod
    def alias(cls) -> str:
        return "command-a-plus"


@register_config
class CommandAReasoningConfig(CohereBaseConfig):
    """Command A Reasoning."""

    model = "command-a-reasoning-08-2025"

    @classmethod
    def alias(cls) -> str:
        return "command-a-reasoning"


@register_config
class CommandAConfig(CohereBaseConfig):
    """Command A."""

    model = "command-a-03-2025"

    @classmethod
    def alias(cls) -> str:
        return "command-a"


def create_cohere_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> CohereBaseConfig:
    """Make the configuration of a model of Cohere's by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return CohereBaseConfig.of_alias(model_alias, registry, overrides)
