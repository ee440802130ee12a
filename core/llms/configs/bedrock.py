"""Amazon Bedrock's models as configurations: `create_bedrock_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class BedrockBaseConfig(ProviderBaseConfig):
    """A configuration of a model on Amazon Bedrock."""

    PROVIDER: ClassVar[str] = "bedrock"
    API_KEY_ENV: ClassVar[str | None] = "AWS_BEARER_TOKEN_BEDROCK"
    SETTINGS: ClassVar[tuple[str, ...]] = ("region", "profile", "control_url")


@register_config
class BedrockClaudeOpusFiveFiveConfig(BedrockBaseConfig):
    """Claude Opus 5.5, by the global profile."""

    model = "global.anthropic.claude-opus-5-5"

    @classmethod
    def alias(cls) -> str:
        return "bedrock-claude-opus-5-5"


@register_config
class BedrockClaudeSonnetFiveFiveConfig(BedrockBaseConfig):
    """Claude Sonnet 5.5, by the global profile."""

    model = "global.anthropic.claude-sonnet-5-5"

    @classmethod
    def alias(cls) -> str:
        return "bedrock-claude-sonnet-5-5"


@register_config
class BedrockNovaTwoLiteConfig(BedrockBaseConfig):
    """Amazon Nova 2 Lite, by the global profile."""

    model = "global.amazon.nova-2-lite-v1:0"

    @classmethod
    def alias(cls) -> str:
        return "bedrock-nova-2-lite"


@register_config
class BedrockNovaPremierConfig(BedrockBaseConfig):
    """Amazon Nova Premier."""

    model = "amazon.nova-premier-v1:0"

    @classmethod
    def alias(cls) -> str:
        return "bedrock-nova-premier"


def create_bedrock_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> BedrockBaseConfig:
    """Make the configuration of a model on Amazon Bedrock by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return BedrockBaseConfig.of_alias(model_alias, registry, overrides)
