"""The version of a provider's API that a configuration names, and the argument of the provider's factory that it is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Protocol

from core.llms.features import find_llm_class
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.factories import require_factory
from core.llms.providers.base.implementation import BaseLLM


class Versioned(Protocol):
    """What has a provider's name, a version of its API, and further arguments of its factory."""

    @property
    def provider_name(self) -> str: ...

    @property
    def provider_version(self) -> str | None: ...

    @property
    def settings(self) -> Mapping[str, Any]: ...


def factory_settings(config: Versioned) -> dict[str, Any]:
    """Return the arguments of the factory that a configuration has, its version among them.

    Raises `ConfigValidationError` for a version that the provider does not have, or that its settings contradict.
    """
    chosen = version_settings(config.provider_name, config.provider_version)
    for name, value in chosen.items():
        if config.settings.get(name, value) != value:
            problem = f"{value!r} contradicts the setting `{name}`, which is {config.settings[name]!r}"
            raise _refuse(config.provider_name, f"{problem}; take one of them away")
    return {**config.settings, **chosen}


def version_settings(provider: str, version: str | None) -> dict[str, str]:
    """Return a version as an argument of the provider's factory: a wire's name as `wire`, another as `api_version`.

    Raises `ConfigValidationError`, which says which versions the provider has.
    """
    if version is None:
        return {}
    kind = _find_class(provider)
    if kind is not None and version in kind.wires():
        return {"wire": version}
    if kind is not None and kind.API_VERSIONS is not None and kind.API_VERSIONS.takes(version):
        return {"api_version": version}
    known = [] if kind is None else known_versions(kind)
    raise _refuse(provider, f"{provider} has none called {version!r}; known: {', '.join(known) or 'none'}")


def known_versions(kind: type[BaseLLM]) -> list[str]:
    """Return the versions that a provider is known to have: of its API, and the wires to choose from."""
    versions = [] if kind.API_VERSIONS is None else [*kind.API_VERSIONS.known]
    return [*versions, *kind.wires()]


def _find_class(provider: str) -> type[BaseLLM] | None:
    """Return a provider's class; None for a provider of another package, of whose versions nothing is known."""
    require_factory(provider, "provider_name")
    room = f"core.llms.providers.{provider}"
    return find_llm_class(provider) if provider.isidentifier() and find_spec(room) is not None else None


def _refuse(provider: str, problem: str) -> ConfigValidationError:
    return ConfigValidationError({"provider_version": f"`provider_version`: {problem}"}, provider=provider)
