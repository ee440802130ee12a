"""What every fault test shares: garbage is collected once a module, so that a forgotten socket complains."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def nothing_forgotten() -> Iterator[None]:
    yield
    gc.collect()
