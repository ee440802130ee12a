"""Ids of places among attempts that run at once: no two alike, in whichever process they are made."""

from __future__ import annotations

import os
from itertools import count
from uuid import uuid4


class _Numbering:
    """Counts under a random name of the process: making up a name for every id would cost more."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Begin anew, under another name."""
        self._process = uuid4().hex
        self._numbers = count()

    def create(self) -> str:
        return f"{self._process}-{next(self._numbers)}"


_NUMBERING = _Numbering()
create_lease_id = _NUMBERING.create

if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_NUMBERING.renew)
