"""A lock that a forked child finds free, whoever held it in the parent."""

from __future__ import annotations

import os
import threading
from weakref import WeakSet


class ForkLock:
    """Held as `with lock.held:`. A thread that held it in the parent does not exist in the child, and never lets go."""

    # A `with` over methods of this class would cost three times as much, a dozen times a call.
    held: threading.Lock

    def __init__(self) -> None:
        self._renew()
        _LOCKS.add(self)

    def _renew(self) -> None:
        self.held = threading.Lock()


_LOCKS: WeakSet[ForkLock] = WeakSet()


def _after_fork() -> None:
    for lock in list(_LOCKS):
        lock._renew()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
