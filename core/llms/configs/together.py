"""Together AI's models as configurations: `create_together_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class TogetherBaseConfig(ProviderBaseConfig):
    """A configuration of a model on Together AI."""

    PROVIDER: ClassVar[str] = "together"
    API_KEY_ENV: ClassVar[str | None] = "TOGETHER_API_KEY"


@register_config
class TogetherGptOssOneHundredTwentyBConfig(TogetherBaseConfig):
    """gpt-oss 120B."""

    model = "openai/gpt-oss-120b"

    @classmethod
    def alias(cls) -> str:
        return "together-gpt-oss-120b"


@register_config
class TogetherKimiKThreeConfig(TogetherBaseConfig):
    """Kimi K3."""

    model = "moonshotai/Kimi-K3"

    @classmethod
    def alias(cls) -> str:
        return "together-kimi-k3"


@register_config
class TogetherGlmFiveThreeConfig(TogetherBaseConfig):
    """GLM-5.3."""

    model = "zai-org/GLM-5.3"

    @classmethod
    def alias(cls) -> str:
        return "together-glm-5.3"


def create_together_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> TogetherBaseConfig:
    """Make the configuration of a model on Together AI by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return TogetherBaseConfig.of_alias(model_alias, registry, overrides)
