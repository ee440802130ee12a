"""What differs between two snapshots, field by field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: its path, as `parameters.temperature`, and what it was and is. None is not set."""

    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.field}: {self.before!r} -> {self.after!r}"


def compare(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[FieldChange, ...]:
    """Return what differs between two snapshots; None is a thing that is not there."""
    return tuple(_compare("", before or {}, after or {}))


def _compare(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    found: list[FieldChange] = []
    for name in sorted({*before, *after}):
        own = f"{path}{name}"
        old, new = before.get(name, _MISSING), after.get(name, _MISSING)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            found += _compare(f"{own}.", old, new)
        elif old != new or type(old) is not type(new):
            found += _leaf(own, old, new)
    return found


def _leaf(path: str, old: Any, new: Any) -> list[FieldChange]:
    old, new = (None if value is _MISSING else value for value in (old, new))
    if old is None and isinstance(new, Mapping) and new:
        return _compare(f"{path}.", {}, new)
    if new is None and isinstance(old, Mapping) and old:
        return _compare(f"{path}.", old, {})
    # Whole numbers given as such and read back as floats are the same value.
    return [] if old == new else [FieldChange(path, old, new)]
