"""Ids of what one call holds in a store: no two alike, whichever process asks, and cheaper than random ones."""

from __future__ import annotations

import os
from itertools import count
from uuid import uuid4


class _Ids:
    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        self.prefix = uuid4().hex[:20]
        self.numbers = count()


_ids = _Ids()


def make_call_id() -> str:
    """Return 32 hexadecimal digits: 20 that are this process's, drawn by lot, and a number."""
    return f"{_ids.prefix}{next(_ids.numbers):012x}"


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_ids.renew)
