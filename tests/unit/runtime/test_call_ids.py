"""Ids of calls: no two alike, in one process and in those that it forks."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.llms.runtime.call_ids import make_call_id

MANY = 1000
_FORKING = """
import os
from core.llms.runtime.call_ids import make_call_id
print(make_call_id(), flush=True)
child = os.fork()
print(make_call_id(), make_call_id(), flush=True)
if child:
    os.waitpid(child, 0)
"""


def test_no_two_ids_are_alike() -> None:
    ids = {make_call_id() for _ in range(MANY)}
    assert len(ids) == MANY
    assert {len(id) for id in ids} == {32}
    assert all(int(id, 16) >= 0 for id in ids)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_forked_child_has_ids_of_its_own() -> None:
    finished = subprocess.run([sys.executable, "-c", _FORKING], capture_output=True, check=True, text=True)
    ids = finished.stdout.split()
    assert len(ids) == len(set(ids)) == 5
