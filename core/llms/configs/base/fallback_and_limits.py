"""What an alias says of those that stand in for it and of its limits: the checks of both. Handlers apply them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.llms.callers.base.params import unknown_field
from core.llms.registry.providers import RateLimits

_COUNTS: Final = frozenset(RateLimits.model_fields)
_BURST: Final = "burst_share"
_ASSUMED: Final = "assumed_output_tokens"


def find_fallback_problem(alias: str, fallback: Any) -> str | None:
    """Say what is wrong with the list of aliases that stand in for one; None where nothing is."""
    if not isinstance(fallback, list | tuple):
        return "must be a list of other aliases"
    if not all(isinstance(name, str) and name.strip() for name in fallback):
        return "must be a list of other aliases, each a string"
    if alias in fallback:
        return f"{alias!r} cannot stand in for itself: {alias} → {alias}"
    return None if len(set(fallback)) == len(fallback) else "names an alias twice"


def find_limit_problems(limits: Any) -> Iterable[tuple[tuple[str, ...], str]]:
    """Find what is wrong with a table of limits, by the keys that lead to it."""
    if not isinstance(limits, Mapping):
        yield (), "must be a table of limits"
        return
    for name, value in limits.items():
        if problem := _problem_of(name, value):
            yield (str(name),), problem


def _problem_of(name: Any, value: Any) -> str | None:
    if name in _COUNTS:
        return None if _is_whole(value) and value > 0 else "a limit is a whole number above 0"
    if name == _ASSUMED:
        return None if _is_whole(value) and value >= 0 else "must be a whole number, at least 0"
    if name == _BURST:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return None if is_number and 0 < value <= 1 else "must be a number above 0 and at most 1"
    return unknown_field(str(name), {*_COUNTS, _ASSUMED, _BURST})


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
