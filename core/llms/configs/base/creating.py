"""From an alias to a configuration object, with fields of the caller's choice, for one provider or for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.callers.base.params import unknown_field
from core.llms.configs.base.config import BaseModelConfig
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import CONFIG_REGISTRY, Registry, resolve_config
from core.llms.errors import ConfigurationError


def create_model(model_alias: str, *, registry: Registry | None = None, **overrides: Any) -> BaseModelConfig:
    """Make the configuration of an alias; `overrides` replace its fields.

    Raises `ConfigurationError`, a `ValueError`: for an alias or a field that is not known, with what may have been
    meant, and for a value that the model does not take.
    """
    config = resolve_config(CONFIG_REGISTRY if registry is None else registry, model_alias)()
    override_fields(config, overrides)
    config.validate()
    return config


def create_model_of(
    base: type[ProviderBaseConfig], model_alias: str, registry: Registry | None, overrides: Mapping[str, Any]
) -> BaseModelConfig:
    """Do as `create_model` does, for an alias of one provider. Raises `ConfigurationError` for another's, too."""
    known = CONFIG_REGISTRY if registry is None else registry
    config = resolve_config(known, model_alias)
    if not issubclass(config, base):
        own = sorted(alias for alias, other in known.items() if issubclass(other, base))
        whose = getattr(config, "PROVIDER", "") or config.__name__
        raise ConfigurationError(
            f"the alias {model_alias!r} is one of {whose}'s: use `create_model`, or one of {base.PROVIDER}'s: "
            f"{', '.join(own) or 'none is registered'}",
            provider=base.PROVIDER,
        )
    return create_model(model_alias, registry=known, **overrides)


def override_fields(config: BaseModelConfig, overrides: Mapping[str, Any]) -> None:
    """Set fields of a configuration. Raises `ConfigurationError` for one that it does not have."""
    known = fields_of(config)
    for name, value in overrides.items():
        if name not in known:
            raise ConfigurationError(f"configuration {config.alias()!r}: {_describe_unknown(name, known)}")
        setattr(config, name, value)
    config._chosen |= frozenset(overrides)


def _describe_unknown(name: str, known: set[str]) -> str:
    if name == "api_key":
        return (
            "a key is kept in no configuration: set an environment variable, and its name as `api_key_env`, or pass "
            "`api_key=` to the provider's `create_…_llm`"
        )
    return unknown_field(name, known)


def fields_of(config: BaseModelConfig) -> set[str]:
    """Return what can be set: a provider's fields, and whatever else a class of the user's keeps as attributes."""
    own = config.fields() if isinstance(config, ProviderBaseConfig) else ()
    return {*own, *(name for name in vars(config) if not name.startswith("_"))} - {"api_key"}
