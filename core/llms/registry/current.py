"""The registry that the factories ask, kept where asking costs nothing as long as nobody registered anything."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.registry.llm_registry import LLMRegistry

_lock = threading.Lock()
_registry: LLMRegistry | None = None


def default_registry() -> LLMRegistry:
    """Return the registry that the factories ask: what is registered here holds for every LLM made afterwards."""
    global _registry
    with _lock:
        if _registry is None:
            from core.llms.registry.llm_registry import LLMRegistry

            _registry = LLMRegistry()
        return _registry


def peek_registry() -> LLMRegistry | None:
    """Return that registry, or None where nobody has asked for it yet."""
    return _registry
