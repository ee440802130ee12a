"""Hugging Face's models as configurations: `create_huggingface_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class HuggingFaceBaseConfig(ProviderBaseConfig):
    """A configuration of a model at Hugging Face's inference providers."""

    PROVIDER: ClassVar[str] = "huggingface"
    API_KEY_ENV: ClassVar[str | None] = "HF_TOKEN"


@register_config
class QwenCoderThirtyTwoBConfig(HuggingFaceBaseConfig):
    """Qwen2.5 Coder 32B."""

    model = "Qwen/Qwen2.5-Coder-32B-Instruct"

    @classmethod
    def alias(cls) -> str:
        return "qwen-coder-32b"


@register_config
class HuggingFaceGlmFiveThreeConfig(HuggingFaceBaseConfig):
    """GLM-5.3."""

    model = "zai-org/GLM-5.3"

    @classmethod
    def alias(cls) -> str:
        return "huggingface-glm-5.3"


@register_config
class HuggingFaceDeepSeekVFourOneFlashConfig(HuggingFaceBaseConfig):
    """DeepSeek V4.1 Flash."""

    model = "deepseek-ai/DeepSeek-V4.1-Flash"

    @classmethod
    def alias(cls) -> str:
        return "huggingface-deepseek-v4.1-flash"


def create_huggingface_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> HuggingFaceBaseConfig:
    """Make the configuration of a model at Hugging Face by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return HuggingFaceBaseConfig.of_alias(model_alias, registry, overrides)
