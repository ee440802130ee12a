"""What a forked child begins anew: locks that nobody there lets go, and calls under way, which are its parent's."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
_RENEWALS: Final[WeakKeyDictionary[Any, Callable[[Any], None]]] = WeakKeyDictionary()


class CountsCalls(Protocol):
    """What holds or counts something for calls under way."""

    def forget_calls(self) -> None:
        """Let go of what is held for them."""
        ...


def renew_in_children(owner: T, renew: Callable[[T], None]) -> None:
    """Have an object renewed in each child that this process forks, for as long as it lives."""
    _RENEWALS[owner] = renew


def forget_in_children(counting: CountsCalls) -> None:
    """Have `forget_calls` called in each child that this process forks, for as long as the object lives."""
    renew_in_children(counting, type(counting).forget_calls)


def _after_fork() -> None:
    for owner, renew in list(_RENEWALS.items()):
        renew(owner)


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
