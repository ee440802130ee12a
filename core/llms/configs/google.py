"""Google's models as configurations: `create_google_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class GoogleBaseConfig(ProviderBaseConfig):
    """A configuration of a Gemini, at the Gemini API or at Vertex AI."""

    PROVIDER: ClassVar[str] = "google"
    API_KEY_ENV: ClassVar[str | None] = "GOOGLE_API_KEY"
    SETTINGS: ClassVar[tuple[str, ...]] = ("vertex", "project", "location", "api_version")


@register_config
class GeminiFourArgonConfig(GoogleBaseConfig):
    """Gemini 4 Argon."""

    model = "gemini-4-argon"

    @classmethod
    def alias(cls) -> str:
        return "gemini-4-argon"


@register_config
class GeminiThreeEightFlashConfig(GoogleBaseConfig):
    """Gemini 3.8 Flash."""

    model = "gemini-3.8-flash"

    @classmethod
    def alias(cls) -> str:
        return "gemini-3.8-flash"


@register_config
class GeminiThreeFiveFlashLiteConfig(GoogleBaseConfig):
    """Gemini 3.5 Flash-Lite."""

    model = "gemini-3.5-flash-lite"

    @classmethod
    def alias(cls) -> str:
        return "gemini-3.5-flash-lite"


def create_google_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> GoogleBaseConfig:
    """Make the configuration of a Gemini by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return GoogleBaseConfig.of_alias(model_alias, registry, overrides)
