"""Which providers this package has: found in its folders, so that none has to be named."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@cache
def packaged_providers() -> frozenset[str]:
    """Return the names of the providers of this package."""
    package = import_module("core.llms.providers")
    return frozenset(module.name for module in iter_modules(package.__path__) if module.name != "base")


def packaged_connector(provider: str) -> Any:
    """Import a provider's room and return the class of its connector."""
    room = import_module(f"core.llms.providers.{provider}")
    return next(
        value
        for name, value in vars(room).items()
        if name.endswith("Connector") and getattr(value, "PROVIDER", "") == provider
    )
