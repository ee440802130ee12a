"""`AliasDefinition`: a configuration as plain values, and the class that is made of it. Files hold these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from core.llms.configs.base.fallback_and_limits import find_fallback_problem, find_limit_problems
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.errors import ConfigurationError
from core.llms.types.secrets import Secret

_ROOMS: Final = "core.llms.configs"
KEY_NAMES: Final = ("api_key", "token", "auth_token", "password", "secret_access_key", "session_token", "zen_api_key")
KEY_FIX: Final = "keys are kept in no configuration: name the environment variable that holds it, as `api_key_env`"


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasDefinition:
    """What an alias stands for. What is not set is the model's own default.

    `parameters` are parameters of every call, `settings` arguments of the provider's factory (a region, say).
    `api_key_env` names the variable that holds the key. `fallback` names the aliases that a handler asks, in their
    order, where this one fails; `limits` are arguments of the `RateLimiter` that a handler puts around it, those that
    are numbers: `requests_per_minute`, say. `description` is for people.

    Raises `ConfigurationError` for a `fallback` or `limits` that cannot be, and for a key among the settings.
    """

    alias: str
    provider: str
    model: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    system_message: str | None = None
    stop: str | Sequence[str] | None = None
    stream: bool = False
    api_key_env: str | None = None
    base_url: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    fallback: Sequence[str] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    description: str | None = None

    def __post_init__(self) -> None:
        problem = find_fallback_problem(self.alias, self.fallback)
        problems = [] if problem is None else [f"`fallback` {problem}"]
        problems += [f"`{'.'.join(('limits', *keys))}`: {each}" for keys, each in find_limit_problems(self.limits)]
        problems += [f"`settings.{name}`: {KEY_FIX}" for name in self.settings if name in KEY_NAMES]
        if problems:
            raise ConfigurationError(f"configuration {self.alias!r}: {'; '.join(problems)}")


class DefinedConfig(ProviderBaseConfig):
    """A configuration that was defined by values."""

    DEFINITION: AliasDefinition
    SECRETS: Mapping[str, Secret] | None = None

    @classmethod
    def alias(cls) -> str:
        return cls.DEFINITION.alias

    def __init__(self) -> None:
        # A provider's base configuration may have defaults for conversation; a definition says all that is to hold.
        ProviderBaseConfig.__init__(self)
        chosen = chosen_fields(self.DEFINITION)
        for name, value in chosen.items():
            setattr(self, name, value)
        self._chosen = frozenset(chosen)

    def get_params(self) -> dict[str, Any]:
        return super().get_params() if self.SECRETS is None else {**self.describe(), **self.SECRETS}


def chosen_fields(definition: AliasDefinition) -> dict[str, Any]:
    """Return the fields of a configuration that a definition sets."""
    own = {
        name: value
        for name in ("model", "system_message", "stop", "api_key_env", "base_url")
        if (value := getattr(definition, name)) is not None
    }
    return {**definition.settings, **definition.parameters, **own, "stream": definition.stream}


def define_config(definition: AliasDefinition, secrets: Mapping[str, Secret] | None = None) -> type[ProviderBaseConfig]:
    """Make the configuration class of a definition. What is wrong with it is found when it is checked or used.

    `secrets` are arguments of the provider's factory, instead of a key from the environment.
    """
    base = find_base_config(definition.provider)
    facts = {
        "DEFINITION": definition,
        "SECRETS": secrets,
        "FALLBACK": tuple(definition.fallback),
        "LIMITS": dict(definition.limits),
        "SETTINGS": (*base.SETTINGS, *definition.settings),
        "__doc__": definition.description,
        "__module__": __name__,
        "__qualname__": "define_config.<locals>.DefinedConfig",
    }
    return type("DefinedConfig", (DefinedConfig, base), facts)


def find_base_config(provider: str) -> type[ProviderBaseConfig]:
    """Return a provider's base configuration; one is made for a provider of another package."""
    room = f"{_ROOMS}.{provider}"
    if provider == "base" or not provider.isidentifier() or find_spec(room) is None:
        return type("PluginBaseConfig", (ProviderBaseConfig,), {"PROVIDER": provider})
    return next(
        value
        for value in vars(import_module(room)).values()
        if isinstance(value, type) and issubclass(value, ProviderBaseConfig) and provider == value.PROVIDER
    )
