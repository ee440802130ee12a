"""The factories of providers, by the names that configurations have for them."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from core.llms.create import find_factory, list_providers
from core.llms.errors import ConfigurationError
from core.llms.provider_config.errors import ConfigValidationError


def require_factory(provider: str, field: str) -> Callable[..., Any]:
    """Return a provider's factory. Raises `ConfigValidationError`, which names the field and what may be meant."""
    try:
        return find_factory(provider)
    except ConfigurationError as error:
        close = get_close_matches(provider, list_providers(), 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ConfigValidationError({field: f"no provider is called {provider!r}{hint}"}) from error
