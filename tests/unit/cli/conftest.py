from __future__ import annotations

from collections.abc import Callable, Iterator
from subprocess import CompletedProcess
from typing import TypeAlias

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


Providers: TypeAlias = Callable[..., CompletedProcess[str]]


@pytest.fixture
def providers(simulator: Simulator, sqlite_url: str) -> Providers:
    """Runs `core-llms providers` over a database without tables."""

    command = Command({**simulator.environment(), "CORE_LLMS_DATABASE_URL": sqlite_url})

    def run(*arguments: str, **changes: str) -> CompletedProcess[str]:
        return command.run("providers", *arguments, stdin=None, **changes)

    return run


@pytest.fixture
def registered(providers: Providers) -> Providers:
    """The same, with one model that was registered and verified."""
    done = providers(
        "register", "openai", "gpt-4.1-mini", "--alias", "support", "--temperature", "0.3", "--max-tokens", "100",
        "--top-k", "5", "--system-prompt", "Be brief.", "--query-prefix", "Question:", "--upgrade",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return providers
