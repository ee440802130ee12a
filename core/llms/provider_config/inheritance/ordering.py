"""The order in which parameters can be stored. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Inheriting(Protocol):
    """What has a name, and the name of what it inherits from."""

    name: str
    parent: str | None


T = TypeVar("T", bound=Inheriting)


def parents_first(several: Iterable[T]) -> Sequence[T]:
    """Return parameters so that each comes after what it inherits from; a ring is left as it was."""
    waiting = {one.name: one for one in several}
    ordered: list[T] = []
    while waiting:
        ready = [one for one in waiting.values() if one.parent not in waiting] or list(waiting.values())
        ordered += ready
        for one in ready:
            del waiting[one.name]
    return ordered
