"""XAI's models as configurations: `create_xai_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class XaiBaseConfig(ProviderBaseConfig):
    """A configuration of a model of xAI's."""

    PROVIDER: ClassVar[str] = "xai"
    API_KEY_ENV: ClassVar[str | None] = "XAI_API_KEY"


@register_config
class GrokFourSevenConfig(XaiBaseConfig):
    """Grok 4.7."""

    model = "grok-4.7"

    @classmethod
    def alias(cls) -> str:
        return "grok-4.7"


@register_config
class GrokFourSixConfig(XaiBaseConfig):
    """Grok 4.6."""

    model = "grok-4.6"

    @classmethod
    def alias(cls) -> str:
        return "grok-4.6"


def create_xai_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> XaiBaseConfig:
    """Make the configuration of a model of xAI's by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return XaiBaseConfig.of_alias(model_alias, registry, overrides)
