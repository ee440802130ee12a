"""Ids of calls: no two alike, in any thread and in forked processes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.llms.runtime.call_ids import make_call_id

_FORKING = """
import os
from core.llms.runtime.call_ids import make_call_id
print(make_call_id(), flush=True)
child = os.fork()
if child:
    os.waitpid(child, 0)
print(make_call_id(), make_call_id(), flush=True)
"""


def create_many(number: int) -> list[str]:
    return [make_call_id() for _ in range(number)]


def test_ids_made_in_many_threads_differ() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = [id for several in threads.map(create_many, [500] * 16) for id in several]
    assert len(set(ids)) == len(ids) == 8000
    assert {len(id) for id in ids} == {32}
    assert all(int(id, 16) >= 0 for id in ids)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_forked_child_has_ids_of_its_own() -> None:
    finished = subprocess.run([sys.executable, "-c", _FORKING], capture_output=True, check=True, text=True)
    ids = finished.stdout.split()
    assert len(ids) == len(set(ids)) == 5
