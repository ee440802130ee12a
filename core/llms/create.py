"""From `provider/model` to an LLM, without importing any provider before it is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from core.llms.errors import ConfigurationError
from core.llms.registry.current import peek_provider_registry
from core.llms.registry.packaged import packaged_providers

if TYPE_CHECKING:
    from core.llms.providers.base.implementation import BaseLLM

ENTRY_POINT_GROUP = "core_llms.providers"


def create_llm(model: str, **options: Any) -> BaseLLM:
    """Make the LLM of `provider/model`, as `create_<provider>_llm(model, **options)` does.

    A provider of another package registers its factory under the entry-point group `core_llms.providers`.
    Raises `ConfigurationError` for a name that is not known, and what the factory raises.
    """
    provider, slash, name = model.partition("/")
    if not slash or not name:
        raise ConfigurationError(f"`model` must look like provider/model, as in 'openai/gpt-4.1-mini', not {model!r}")
    llm: BaseLLM = find_factory(provider)(name, **options)
    return llm


def find_factory(provider: str) -> Callable[..., Any]:
    """Return a provider's factory. Raises `ConfigurationError` that names those there are."""
    from importlib.metadata import entry_points

    if provider in list_providers():
        module = import_module(f"core.llms.providers.{provider}")
        factory: Callable[..., Any] = getattr(module, f"create_{provider}_llm")
        return factory
    for plugin in entry_points(group=ENTRY_POINT_GROUP, name=provider):
        return cast("Callable[..., Any]", plugin.load())
    registered = _registered_factory(provider)
    if registered is not None:
        return registered
    known = sorted({*list_providers(), *entry_points(group=ENTRY_POINT_GROUP).names})
    from difflib import get_close_matches

    close = get_close_matches(provider, known, 1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    raise ConfigurationError(f"no provider is called {provider!r}{hint} Known: {', '.join(known)}")


def _registered_factory(provider: str) -> Callable[..., Any] | None:
    """Return the factory of a registered provider that speaks as one of this package does, at an address of its own."""
    registry = peek_provider_registry()
    known = None if registry is None else registry.find_registered(provider)
    if known is None or known.compatible_with is None:
        return None
    factory = find_factory(known.compatible_with)
    settings: dict[str, Any] = {"base_url": known.api_base}
    key = next((value for name in known.key_variables if (value := os.environ.get(name))), None)
    if key is not None:
        settings["api_key"] = key
    return partial(factory, **settings)


def list_providers() -> list[str]:
    """Return the names of the providers in this package."""
    return sorted(packaged_providers())
