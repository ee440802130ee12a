"""Groq's models as configurations: `create_groq_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class GroqBaseConfig(ProviderBaseConfig):
    """A configuration of a model on Groq, with defaults for plain conversation."""

    PROVIDER: ClassVar[str] = "groq"
    API_KEY_ENV: ClassVar[str | None] = "GROQ_API_KEY"

    def __init__(self) -> None:
        super().__init__()
        self.temperature = 0.7
        self.max_tokens = 1024
        self.top_p = 1.0
        self.frequency_penalty = 0.0
        self.presence_penalty = 0.0
        self.system_message = "You are a helpful assistant."


class GroqReasoningConfig(GroqBaseConfig):
    """A model that reasons: what it may write is its own largest answer, for reasoning counts, too."""

    def __init__(self) -> None:
        super().__init__()
        self.max_tokens = None


@register_config
class MixtralEightXSevenBConfig(GroqBaseConfig):
    """Mixtral 8x7B; retired."""

    @classmethod
    def alias(cls) -> str:
        return "mixtral-8x7b"

    def __init__(self) -> None:
        super().__init__()
        self.model = "mixtral-8x7b-32768"
        self.max_tokens = 32768


@register_config
class LlamaThreeSeventyBConfig(GroqBaseConfig):
    """Llama 3 70B; retired."""

    @classmethod
    def alias(cls) -> str:
        return "llama3-70b"

    def __init__(self) -> None:
        super().__init__()
        self.model = "llama3-70b-8192"
        self.max_tokens = 8192


@register_config
class LlamaThreeEightBConfig(GroqBaseConfig):
    """Llama 3 8B; retired."""

    @classmethod
    def alias(cls) -> str:
        return "llama3-8b"

    def __init__(self) -> None:
        super().__init__()
        self.model = "llama3-8b-8192"
        self.max_tokens = 8192


@register_config
class GemmaTwoNineBConfig(GroqBaseConfig):
    """Gemma 2 9B; retired."""

    @classmethod
    def alias(cls) -> str:
        return "gemma2-9b"

    def __init__(self) -> None:
        super().__init__()
        self.model = "gemma2-9b-it"
        self.max_tokens = 8192


@register_config
class GroqGptOssOneHundredTwentyBConfig(GroqReasoningConfig):
    """gpt-oss 120B."""

    model = "openai/gpt-oss-120b"

    @classmethod
    def alias(cls) -> str:
        return "groq-gpt-oss-120b"


@register_config
class GroqGptOssTwentyBConfig(GroqReasoningConfig):
    """gpt-oss 20B."""

    model = "openai/gpt-oss-20b"

    @classmethod
    def alias(cls) -> str:
        return "groq-gpt-oss-20b"


@register_config
class GroqQwenThreeEightTwentySevenBConfig(GroqReasoningConfig):
    """Qwen3.8 27B."""

    model = "qwen/qwen3.8-27b"

    @classmethod
    def alias(cls) -> str:
        return "groq-qwen3.8-27b"


def create_groq_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> GroqBaseConfig:
    """Make the configuration of a model on Groq by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return GroqBaseConfig.of_alias(model_alias, registry, overrides)
