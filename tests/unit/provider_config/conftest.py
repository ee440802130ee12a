"""A service over each kind of database, and providers that answer: the simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator
from core.llms.storage.database import Database
from tests.support.retired import STAND_INS

HERE = Path(__file__).parent
# They kill, crowd or wait for other processes.
LONG = (
    "proofs/test_killed.py",
    "proofs/test_contention.py",
    "proofs/test_visibility.py",
    "health/test_scheduler_across_processes.py",
    "credentials/test_rotation.py::test_rotation_under_load_fails_no_read",
    "test_aliases.py::test_a_change_in_another_process_is_in_the_next_call_within_a_second",
    "test_aliases_across_processes.py::test_command_changes_the_next_call_of_each_process_within_a_second[sqlite]",
)
# What they ask of the database others ask of both kinds.
LONG_ON_POSTGRESQL = (
    "access/test_access_table.py",
    "discovery/",
    "server/",
    "test_what_is_sent.py",
    "transfer/",
    "version_migration/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes long."""
    for item in items:
        if HERE in item.path.parents:
            name = item.nodeid.split("unit/provider_config/", 1)[-1]
            if name.startswith(LONG) or ("[postgresql" in name and name.startswith(LONG_ON_POSTGRESQL)):
                item.add_marker(pytest.mark.proof)


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
