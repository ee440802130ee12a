"""Anthropic's models as configurations: `create_anthropic_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class AnthropicBaseConfig(ProviderBaseConfig):
    """A configuration of a model of Anthropic's."""

    PROVIDER: ClassVar[str] = "anthropic"
    API_KEY_ENV: ClassVar[str | None] = "ANTHROPIC_API_KEY"
    SETTINGS: ClassVar[tuple[str, ...]] = ("api_version", "betas")


@register_config
class ClaudeThreeOpusConfig(AnthropicBaseConfig):
    """Claude 3 Opus; retired."""

    model = "claude-3-opus-20240229"

    @classmethod
    def alias(cls) -> str:
        return "c3opus"


@register_config
class ClaudeFableFiveTwoConfig(AnthropicBaseConfig):
    """Claude Fable 5.2."""

    model = "claude-fable-5-2"

    @classmethod
    def alias(cls) -> str:
        return "claude-fable-5-2"


@register_config
class ClaudeOpusFiveFiveConfig(AnthropicBaseConfig):
    """Claude Opus 5.5."""

    model = "claude-opus-5-5"

    @classmethod
    def alias(cls) -> str:
        return "claude-opus-5-5"


@register_config
class ClaudeSonnetFiveFiveConfig(AnthropicBaseConfig):
    """Claude Sonnet 5.5."""

    model = "claude-sonnet-5-5"

    @classmethod
    def alias(cls) -> str:
        return "claude-sonnet-5-5"


@register_config
class ClaudeHaikuFiveFiveConfig(AnthropicBaseConfig):
    """Claude Haiku 5.5."""

    model = "claude-haiku-5-5"

    @classmethod
    def alias(cls) -> str:
        return "claude-haiku-5-5"


def create_anthropic_model(
    model_alias: str, *, registry: Registry | None = None, **overrides: Any
) -> AnthropicBaseConfig:
    """Make the configuration of a model of Anthropic's by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return AnthropicBaseConfig.of_alias(model_alias, registry, overrides)
