"""DeepSeek's models as configurations: `create_deepseek_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class DeepSeekBaseConfig(ProviderBaseConfig):
    """A configuration of a model of DeepSeek's."""

    PROVIDER: ClassVar[str] = "deepseek"
    API_KEY_ENV: ClassVar[str | None] = "DEEPSEEK_API_KEY"


@register_config
class DeepSeekFlashConfig(DeepSeekBaseConfig):
    """DeepSeek V4.1 Flash."""

    model = "deepseek-flash"

    @classmethod
    def alias(cls) -> str:
        return "deepseek-flash"


@register_config
class DeepSeekVFourProConfig(DeepSeekBaseConfig):
    """DeepSeek V4 Pro."""

    model = "deepseek-v4-pro"

    @classmethod
    def alias(cls) -> str:
        return "deepseek-v4-pro"


def create_deepseek_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> DeepSeekBaseConfig:
    """Make the configuration of a model of DeepSeek's by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return DeepSeekBaseConfig.of_alias(model_alias, registry, overrides)
