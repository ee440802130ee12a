"""Models of OpenAI-compatible servers as configurations: `create_openai_compatible_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry


class OpenAICompatibleBaseConfig(ProviderBaseConfig):
    """A configuration of a model at a server that speaks as OpenAI does: subclass it, and set `base_url`."""

    PROVIDER: ClassVar[str] = "openai_compatible"
    API_KEY_ENV: ClassVar[str | None] = "OPENAI_COMPATIBLE_API_KEY"


def create_openai_compatible_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> OpenAICompatibleBaseConfig:
    """Make the configuration of a model at such a server by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return OpenAICompatibleBaseConfig.of_alias(model_alias, registry, overrides)
