"""JSON merge patches (RFC 7396): what is not given stays, and null takes away. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merge(stored: Any, patch: Any) -> Any:
    """Return a value as a patch makes it."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(stored) if isinstance(stored, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged
