"""NVIDIA's models as configurations: `create_nvidia_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry, register_config


class NvidiaBaseConfig(ProviderBaseConfig):
    """A configuration of a model at NVIDIA."""

    PROVIDER: ClassVar[str] = "nvidia"
    API_KEY_ENV: ClassVar[str | None] = "NVIDIA_API_KEY"


@register_config
class NemotronThreeUltraConfig(NvidiaBaseConfig):
    """Nemotron 3 Ultra."""

    model = "nvidia/nemotron-3-ultra-550b-a55b"

    @classmethod
    def alias(cls) -> str:
        return "nemotron-3-ultra"


@register_config
class NemotronThreeSuperConfig(NvidiaBaseConfig):
    """Nemotron 3 Super."""

    model = "nvidia/nemotron-3-super-120b-a12b"

    @classmethod
    def alias(cls) -> str:
        return "nemotron-3-super"


@register_config
class NemotronThreeFiveLightningConfig(NvidiaBaseConfig):
    """Nemotron 3.5 Lightning."""

    model = "nvidia/nemotron-3.5-lightning-30b-a3b"

    @classmethod
    def alias(cls) -> str:
        return "nemotron-3.5-lightning"


def create_nvidia_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> NvidiaBaseConfig:
    """Make the configuration of a model at NVIDIA by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return NvidiaBaseConfig.of_alias(model_alias, registry, overrides)
