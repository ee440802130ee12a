"""Perplexity's models as configurations: `create_perplexity_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class PerplexityBaseConfig(ProviderBaseConfig):
    """A configuration of a model of Perplexity's."""

    PROVIDER: ClassVar[str] = "perplexity"
    API_KEY_ENV: ClassVar[str | None] = "PERPLEXITY_API_KEY"


@register_config
class PerplexitySonarConfig(PerplexityBaseConfig):
    """Sonar, of the Agent API."""

    model = "perplexity/sonar"

    @classmethod
    def alias(cls) -> str:
        return "perplexity-sonar"


def create_perplexity_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> PerplexityBaseConfig:
    """Make the configuration of a model of Perplexity's by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return PerplexityBaseConfig.of_alias(model_alias, registry, overrides)
