"""What differs between what is stored and what is asked for, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def differences(stored: Any, wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields whose values differ, each with (stored, wanted)."""
    return {name: (getattr(stored, name), value) for name, value in wanted.items() if getattr(stored, name) != value}


def describe_differences(changes: Mapping[str, tuple[Any, Any]]) -> str:
    """Say in a line what differs."""
    return "; ".join(f"`{name}` is {stored!r}, not {wanted!r}" for name, (stored, wanted) in changes.items())
