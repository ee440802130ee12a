"""Cerebras's models as configurations: `create_cerebras_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class CerebrasBaseConfig(ProviderBaseConfig):
    """A configuration of a model on Cerebras."""

    PROVIDER: ClassVar[str] = "cerebras"
    API_KEY_ENV: ClassVar[str | None] = "CEREBRAS_API_KEY"


@register_config
class CerebrasGptOssOneHundredTwentyBConfig(CerebrasBaseConfig):
    """gpt-oss 120B."""

    model = "gpt-oss-120b"

    @classmethod
    def alias(cls) -> str:
        return "cerebras-gpt-oss-120b"


@register_config
class CerebrasQwenThreeEightTwentySevenBConfig(CerebrasBaseConfig):
    """Qwen 3.8 27B."""

    model = "qwen-3.8-27b"

    @classmethod
    def alias(cls) -> str:
        return "cerebras-qwen-3.8-27b"


def create_cerebras_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> CerebrasBaseConfig:
    """Make the configuration of a model on Cerebras by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return CerebrasBaseConfig.of_alias(model_alias, registry, overrides)
