"""A simulator for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.llms.simulator import Simulator


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as running:
        yield running
