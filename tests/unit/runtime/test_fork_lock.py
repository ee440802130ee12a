"""What threads of a process share can be used in a forked child, whichever thread held it at the fork."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.llms import CallStatistics, MemoryBudgetStore, MemoryCacheStore
from core.llms.runtime.caching.statistics import Counters
from core.llms.runtime.caching.vector_index import VectorIndex

SHARED: dict[str, tuple[Callable[[], Any], Callable[[Any], object]]] = {
    "statistics of calls": (CallStatistics, lambda statistics: statistics.snapshot()),
    "statistics of a cache": (Counters, lambda counters: counters.snapshot()),
    "budgets": (MemoryBudgetStore, lambda store: asyncio.run(store.read((), 0.0))),
    "cache": (MemoryCacheStore, lambda store: store.keep("key", b"value", None)),
    "vectors": (lambda: VectorIndex(10), lambda index: index.remove("key")),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_child_uses_what_a_thread_of_its_parent_held(name: str) -> None:
    make, use = SHARED[name]
    shared = make()
    with shared._lock.held:
        child = os.fork()
        if child == 0:
            # Another thread would not get the lock if it were still the parent's.
            user = threading.Thread(target=use, args=(shared,), daemon=True)
            user.start()
            user.join(5)
            os._exit(int(user.is_alive()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
