from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.llms.simulator import Simulator
from tests.unit.cli.command import Command


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator.in_thread() as started:
        yield started


@pytest.fixture
def command(simulator: Simulator) -> Command:
    return Command(simulator.environment())
