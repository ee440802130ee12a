"""Laying `provider_options` over a rendered body, by a rule that several wires share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merge_options(body: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Lay options over a body: objects are merged key by key, everything else replaces. Neither is changed."""
    merged = dict(body)
    for name, value in options.items():
        below = merged.get(name)
        if isinstance(value, Mapping):
            merged[name] = merge_options(below if isinstance(below, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged
