"""Ollama's models as configurations: `create_ollama_model`."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import Registry


class OllamaBaseConfig(ProviderBaseConfig):
    """A configuration of a model that an Ollama server has pulled: subclass it, for the package lists none."""

    PROVIDER: ClassVar[str] = "ollama"
    API_KEY_ENV: ClassVar[str | None] = "OLLAMA_API_KEY"
    SETTINGS: ClassVar[tuple[str, ...]] = ("num_ctx", "keep_alive")


def create_ollama_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> OllamaBaseConfig:
    """Make the configuration of a model that an Ollama server has pulled by its alias; `overrides` replace its fields.

    Raises `ConfigurationError`, as `create_model` does.
    """
    return OllamaBaseConfig.of_alias(model_alias, registry, overrides)
