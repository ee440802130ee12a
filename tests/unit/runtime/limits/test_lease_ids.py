"""Ids of places: no two alike, in threads and in forked processes."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import SimpleQueue

import pytest

from core.llms.runtime.limits.lease_ids import create_lease_id


def _create_many(number: int) -> list[str]:
    return [create_lease_id() for _ in range(number)]


def _put_some(found: SimpleQueue[list[str]]) -> None:
    found.put(_create_many(10))


def test_ids_made_in_many_threads_differ() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [id for several in threads.map(_create_many, [500] * 16) for id in several]

    assert len(set(made)) == len(made) == 8000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_ids_of_a_forked_process_differ_from_its_parent_s() -> None:
    forking = multiprocessing.get_context("fork")
    found: SimpleQueue[list[str]] = forking.SimpleQueue()
    child = forking.Process(target=_put_some, args=(found,))
    child.start()
    child.join(60)

    assert child.exitcode == 0
    assert not set(found.get()) & set(_create_many(10))
