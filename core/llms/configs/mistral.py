"""Mistral's models as configurations: `create_mistral_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class MistralBaseConfig(ProviderBaseConfig):
    """A configuration of a model of Mistral's."""

    PROVIDER: ClassVar[str] = "mistral"
    API_KEY_ENV: ClassVar[str | None] = "MISTRAL_API_KEY"


@register_config
class MistralLargeFourConfig(MistralBaseConfig):
    """Mistral Large 4."""

    model = "mistral-large-4"

    @classmethod
    def alias(cls) -> str:
        return "mistral-large-4"


@register_config
class MistralMediumThreeFiveConfig(MistralBaseConfig):
    """Mistral Medium 3.5."""

    model = "mistral-medium-2604"

    @classmethod
    def alias(cls) -> str:
        return "mistral-medium-3.5"


@register_config
class MistralSmallFourConfig(MistralBaseConfig):
    """Mistral Small 4."""

    model = "mistral-small-2603"

    @classmethod
    def alias(cls) -> str:
        return "mistral-small-4"


@register_config
class CodestralConfig(MistralBaseConfig):
    """Codestral."""

    model = "codestral-2508"

    @classmethod
    def alias(cls) -> str:
        return "codestral"


def create_mistral_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> MistralBaseConfig:
    """Make the configuration of a model of Mistral's by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return MistralBaseConfig.of_alias(model_alias, registry, overrides)
