"""`ProviderRegistry`: the providers that there are, with what a user says of them."""

from __future__ import annotations

import threading
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from core.llms.errors import ConfigurationError
from core.llms.registry.current import default_provider_registry as default_provider_registry
from core.llms.registry.packaged import packaged_connector, packaged_providers
from core.llms.registry.providers import ModelSettings, Provider, RateLimits

__all__ = ["ModelSettings", "Provider", "ProviderRegistry", "RateLimits", "default_provider_registry"]

_PLUGINS = "core_llms.providers"


class ProviderRegistry:
    """Providers by name: those of this package, those of plug-ins, and those that were registered.

    What is registered of a provider of this package goes before what the package knows, fact by fact. Registering
    changes this registry alone; `default_provider_registry()` is the one that the factories ask. It may be used from
    several threads.
    """

    def __init__(self) -> None:
        self._own: dict[str, Provider] = {}
        self._lock = threading.Lock()

    def register_provider(
        self, name: str, provider: Provider | None = None, *, replace: bool = False, **facts: Any
    ) -> Provider:
        """Register a provider, or facts of one, and return what is known of it now.

        Registering the same again changes nothing. Raises `ConfigurationError` for other facts under the same name,
        unless `replace`, and pydantic's ValidationError, which names the field.
        """
        own = Provider(**facts) if provider is None else provider
        if provider is not None and facts:
            raise ConfigurationError("give a `Provider` or its facts, not both", provider=name)
        with self._lock:
            if name in self._own and self._own[name] != own and not replace:
                raise ConfigurationError(f"{name} is registered with other facts; pass `replace=True`", provider=name)
            self._own[name] = own
        return self.get_provider(name)

    def unregister_provider(self, name: str) -> None:
        """Take back what was registered. Raises `ConfigurationError` where nothing was."""
        with self._lock:
            if self._own.pop(name, None) is None:
                raise ConfigurationError(f"nothing is registered of {name!r}", provider=name)

    def get_provider(self, name: str) -> Provider:
        """Return what is known of a provider. Raises `ConfigurationError`, which names those there are."""
        own = self._own.get(name)
        if name in packaged_providers():
            known = _packaged(name)
            return known if own is None else own.over(known)
        if own is not None:
            return own
        if name in entry_points(group=_PLUGINS).names:
            return Provider()
        from difflib import get_close_matches

        close = get_close_matches(name, self.list_providers(), 1)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        raise ConfigurationError(f"no provider is called {name!r}{hint} Known: {', '.join(self.list_providers())}")

    def find_registered(self, name: str) -> Provider | None:
        """Return what was registered of a provider, without what the package knows."""
        return self._own.get(name)

    def list_providers(self) -> list[str]:
        """Return the names of all providers."""
        return sorted({*packaged_providers(), *entry_points(group=_PLUGINS).names, *self._own})

    def limits_for(self, provider: str, model: str | None = None, tier: str | None = None) -> RateLimits:
        """Return the limits that hold for a provider's model; see `Provider.limits_for`."""
        return self.get_provider(provider).limits_for(model, tier)


@cache
def _packaged(name: str) -> Provider:
    """Read what a provider's room says of its address and its variables."""
    connector = packaged_connector(name)
    return Provider(
        api_base=connector.BASE_URL or None,
        key_variables=connector.KEY_VARIABLES,
        address_variables=connector.address_variables(),
    )
