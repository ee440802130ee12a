"""From a provider's name to the class of its caller."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from core.llms.callers.base.caller import BaseCaller
from core.llms.create import find_factory

_ROOMS: Final = "core.llms.callers"


@cache
def find_caller(provider: str) -> type[BaseCaller]:
    """Return the class that calls a provider's models. Raises `ConfigurationError` for a name that is no provider's.

    A provider of another package, or one that was registered, has a class that is made here.
    """
    find_factory(provider)
    room = f"{_ROOMS}.{provider}_caller"
    if not provider.isidentifier() or find_spec(room) is None:
        return type("PluginCaller", (BaseCaller,), {"PROVIDER": provider})
    return next(
        value
        for value in vars(import_module(room)).values()
        if isinstance(value, type) and issubclass(value, BaseCaller) and provider == value.PROVIDER
    )
