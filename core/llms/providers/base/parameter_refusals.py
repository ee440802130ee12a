"""Which of several parameters are refused, where some may need others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def find_refusals(refusal_of: Callable[[Mapping[str, Any]], str | None], values: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters without which the others pass, each with the reason; none where all pass together.

    `refusal_of` says why some of them together are refused, or None. One that is refused only beside others is named
    where those came first.
    """
    if not values or refusal_of(values) is None:
        return {}
    taken: dict[str, Any] = {}
    refusals: dict[str, str] = {}
    waiting, before = dict(values), len(values) + 1
    # One that needs another is taken once that was.
    while len(waiting) < before:
        before, refusals = len(waiting), {}
        for name, value in waiting.items():
            reason = refusal_of({**taken, name: value})
            if reason is None:
                taken[name] = value
            else:
                refusals[name] = reason
        waiting = {name: values[name] for name in refusals}
    return refusals
