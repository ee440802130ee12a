"""The registries that the factories ask, kept where asking costs nothing as long as nobody registered anything."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.registry.llm_registry import LLMRegistry
    from core.llms.registry.provider_registry import ProviderRegistry

_lock = threading.Lock()
_models: LLMRegistry | None = None
_providers: ProviderRegistry | None = None


def default_registry() -> LLMRegistry:
    """Return the registry that the factories ask: what is registered here holds for every LLM made afterwards."""
    global _models
    with _lock:
        if _models is None:
            from core.llms.registry.llm_registry import LLMRegistry

            _models = LLMRegistry()
        return _models


def default_provider_registry() -> ProviderRegistry:
    """Return the registry of providers that the factories ask."""
    global _providers
    with _lock:
        if _providers is None:
            from core.llms.registry.provider_registry import ProviderRegistry

            _providers = ProviderRegistry()
        return _providers


def peek_registry() -> LLMRegistry | None:
    """Return the registry of models, or None where nobody has asked for it yet."""
    return _models


def peek_provider_registry() -> ProviderRegistry | None:
    """Return the registry of providers, or None where nobody has asked for it yet."""
    return _providers
