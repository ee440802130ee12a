"""A simulator for every test of this folder that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.llms.simulator import Simulator


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator() as started:
        yield started
