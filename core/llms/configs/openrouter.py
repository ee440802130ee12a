"""OpenRouter's models as configurations: `create_openrouter_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class OpenRouterBaseConfig(ProviderBaseConfig):
    """A configuration of a model at OpenRouter."""

    PROVIDER: ClassVar[str] = "openrouter"
    API_KEY_ENV: ClassVar[str | None] = "OPENROUTER_API_KEY"
    SETTINGS: ClassVar[tuple[str, ...]] = ("referer", "title", "categories")


@register_config
class OpenRouterClaudeOpusFiveFiveConfig(OpenRouterBaseConfig):
    """Claude Opus 5.5."""

    model = "anthropic/claude-opus-5.5"

    @classmethod
    def alias(cls) -> str:
        return "openrouter-claude-opus-5.5"


@register_config
class OpenRouterGptSixSolConfig(OpenRouterBaseConfig):
    """GPT-6 Sol."""

    model = "openai/gpt-6-sol"

    @classmethod
    def alias(cls) -> str:
        return "openrouter-gpt-6-sol"


@register_config
class OpenRouterGeminiThreeEightFlashConfig(OpenRouterBaseConfig):
    """Gemini 3.8 Flash."""

    model = "google/gemini-3.8-flash"

    @classmethod
    def alias(cls) -> str:
        return "openrouter-gemini-3.8-flash"


def create_openrouter_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> OpenRouterBaseConfig:
    """Make the configuration of a model at OpenRouter by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return OpenRouterBaseConfig.of_alias(model_alias, registry, overrides)
