"""A service over each kind of database, and providers that answer: the simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator
from core.llms.storage.database import Database
from tests.support.retired import STAND_INS


@pytest.fixture
async def sim(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Simulator]:
    """A simulator that every provider's variables point at."""
    async with Simulator(stand_ins=STAND_INS) as simulator:
        for name, value in simulator.environment().items():
            monkeypatch.setenv(name, value)
        yield simulator


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Each kind of database in turn, with its tables."""
    async with Database(database_url, upgrade=True) as opened:
        yield opened


@pytest.fixture
def service(database: Database, sim: Simulator) -> ProviderConfigService:
    """A service whose providers answer."""
    return ProviderConfigService(database)
