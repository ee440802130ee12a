"""IBM watsonx.ai's models as configurations: `create_watsonx_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class WatsonxBaseConfig(ProviderBaseConfig):
    """A configuration of a model on IBM watsonx.ai."""

    PROVIDER: ClassVar[str] = "watsonx"
    API_KEY_ENV: ClassVar[str | None] = "WATSONX_APIKEY"
    SETTINGS: ClassVar[tuple[str, ...]] = (
        "project_id",
        "space_id",
        "deployment_id",
        "region",
        "iam_url",
        "api_version",
        "username",
    )


@register_config
class GraniteThirteenBConfig(WatsonxBaseConfig):
    """Granite 13B Chat v2; retired."""

    model = "ibm/granite-13b-chat-v2"
    # Where nothing is said, IBM ends its answers after 20 tokens.
    max_tokens = 1024

    @classmethod
    def alias(cls) -> str:
        return "granite-13b"


@register_config
class GraniteFourHSmallConfig(WatsonxBaseConfig):
    """Granite 4 H Small."""

    model = "ibm/granite-4-h-small"

    @classmethod
    def alias(cls) -> str:
        return "granite-4-h-small"


@register_config
class WatsonxGptOssOneHundredTwentyBConfig(WatsonxBaseConfig):
    """gpt-oss 120B."""

    model = "openai/gpt-oss-120b"

    @classmethod
    def alias(cls) -> str:
        return "watsonx-gpt-oss-120b"


def create_watsonx_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> WatsonxBaseConfig:
    """Make the configuration of a model on IBM watsonx.ai by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return WatsonxBaseConfig.of_alias(model_alias, registry, overrides)
