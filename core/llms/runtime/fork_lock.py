"""A lock that a forked child finds free, whoever held it in the parent."""

from __future__ import annotations

import threading

from core.llms.runtime.forked import renew_in_children


class ForkLock:
    """Held as `with lock.held:`. A thread that held it in the parent does not exist in the child, and never lets go."""

    # A `with` over methods of this class would cost three times as much, a dozen times a call.
    held: threading.Lock

    def __init__(self) -> None:
        self._renew()
        renew_in_children(self, ForkLock._renew)

    def _renew(self) -> None:
        self.held = threading.Lock()
