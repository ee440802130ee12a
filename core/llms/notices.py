"""Warnings that point at the line of the user who called, however deep in the SDK they arise."""

from __future__ import annotations

import sys
import warnings


class UnknownModelWarning(UserWarning):
    """A model that is not listed is used: it works, but its limits and its price are not known."""


class RetiredModelWarning(UserWarning):
    """A model is used that its vendor has retired."""


class DetectionWarning(UserWarning):
    """Of something that was asked for, nothing could be detected: a provider failed, or does not list a model."""


class CatalogWarning(UserWarning):
    """The refreshed catalogue on this machine is corrupt, and is not used."""


_told: set[str] = set()
_MOST_TOLD = 4096


def warn_caller_once(message: str, category: type[Warning]) -> None:
    """Warn as `warn_caller` does, once a process for the same message."""
    if message not in _told:
        if len(_told) >= _MOST_TOLD:
            _told.clear()
        _told.add(message)
        warn_caller(message, category)


def warn_caller(message: str, category: type[Warning]) -> None:
    """Warn at the first frame outside of this package."""
    level = 2
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("core.llms"):
        frame = frame.f_back
        level += 1
    warnings.warn(message, category, stacklevel=level)
