"""What a forked child forgets: the calls that were under way. They are its parent's, and never end in the child."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class CountsCalls(Protocol):
    """What holds or counts something for calls under way."""

    def forget_calls(self) -> None:
        """Let go of what is held for them."""
        ...


_ALL: WeakSet[CountsCalls] = WeakSet()


def forget_in_children(counting: CountsCalls) -> None:
    """Have `forget_calls` called in each child that this process forks, for as long as the object lives."""
    _ALL.add(counting)


def _after_fork() -> None:
    for counting in list(_ALL):
        counting.forget_calls()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
