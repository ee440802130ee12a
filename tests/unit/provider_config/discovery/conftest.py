"""An environment that holds nothing of any provider, and a simulator that nothing points at."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from core.llms.provider_config.service import ProviderConfigService
from core.llms.registry.packaged import packaged_connector, packaged_providers
from core.llms.simulator import Simulator
from core.llms.storage.database import Database
from tests.support.retired import STAND_INS


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in packaged_providers():
        connector = packaged_connector(provider)
        for names in (*connector.credential_variables(), connector.address_variables()):
            for name in names:
                monkeypatch.delenv(name, raising=False)
    assert not [name for name in os.environ if name.endswith("_API_KEY")]


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    async with Simulator(stand_ins=STAND_INS) as simulator:
        yield simulator


@pytest.fixture
def service(database: Database) -> ProviderConfigService:
    return ProviderConfigService(database)
