"""From a provider's name to its detector: one that was registered, its room's, else the one that all share."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from core.llms.create import find_factory
from core.llms.errors import ConfigurationError
from core.llms.registry.detection.base.detector import CapabilityDetector

_ROOMS: Final = "core.llms.registry.detection"
_registered: Final[dict[str, type[CapabilityDetector]]] = {}


def register_detector(detector: type[CapabilityDetector]) -> type[CapabilityDetector]:
    """Use a detector for its `PROVIDER` from now on; it may stand over the class as a decorator.

    Raises `ConfigurationError` for a class without a `PROVIDER`.
    """
    if not detector.PROVIDER:
        raise ConfigurationError(f"{detector.__name__} names no `PROVIDER`")
    _registered[detector.PROVIDER] = detector
    return detector


def find_detector(provider: str) -> type[CapabilityDetector]:
    """Return the class that detects a provider's models. Raises `ConfigurationError` for a name that is none."""
    if provider in _registered:
        return _registered[provider]
    find_factory(provider)
    if not provider.isidentifier() or find_spec(f"{_ROOMS}.{provider}") is None:
        return CapabilityDetector
    shown = vars(import_module(f"{_ROOMS}.{provider}")).values()
    return next(
        each
        for each in shown
        if isinstance(each, type) and getattr(each, "PROVIDER", "") == provider and issubclass(each, CapabilityDetector)
    )
