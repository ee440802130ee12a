"""Fireworks AI's models as configurations: `create_fireworks_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class FireworksBaseConfig(ProviderBaseConfig):
    """A configuration of a model on Fireworks AI."""

    PROVIDER: ClassVar[str] = "fireworks"
    API_KEY_ENV: ClassVar[str | None] = "FIREWORKS_API_KEY"


@register_config
class FireworksGlmFiveThreeConfig(FireworksBaseConfig):
    """GLM 5.3."""

    model = "accounts/fireworks/models/glm-5p3"

    @classmethod
    def alias(cls) -> str:
        return "fireworks-glm-5.3"


@register_config
class FireworksKimiKThreeConfig(FireworksBaseConfig):
    """Kimi K3."""

    model = "accounts/fireworks/models/kimi-k3"

    @classmethod
    def alias(cls) -> str:
        return "fireworks-kimi-k3"


@register_config
class FireworksDeepSeekVFourOneFlashConfig(FireworksBaseConfig):
    """DeepSeek V4.1 Flash."""

    model = "accounts/fireworks/models/deepseek-v4p1-flash"

    @classmethod
    def alias(cls) -> str:
        return "fireworks-deepseek-v4.1-flash"


def create_fireworks_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> FireworksBaseConfig:
    """Make the configuration of a model on Fireworks AI by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return FireworksBaseConfig.of_alias(model_alias, registry, overrides)
