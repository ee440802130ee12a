from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from core.llms.cli.app import run_app
from core.llms.simulator import Simulator
from tests.unit.cli.command import Command


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator.in_thread() as started:
        yield started


@pytest.fixture
def command(simulator: Simulator) -> Command:
    return Command(simulator.environment())


Providers: TypeAlias = "Callable[..., Outcome]"
Inside: TypeAlias = "Callable[..., Outcome]"


@pytest.fixture
def providers(simulator: Simulator, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Providers:
    """Runs `core-llms providers` within this process, over a database without a model."""
    own = {**simulator.environment(), "CORE_LLMS_DATABASE_URL": sqlite_url}

    def run(*arguments: str, **changes: str) -> Outcome:
        with monkeypatch.context() as patch, Path(os.devnull).open() as nothing, warnings.catch_warnings():
            warnings.simplefilter("default")
            for name, value in {**own, **changes}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", nothing)
            code = run_app(["providers", *arguments])
        said = capsys.readouterr()
        return Outcome(int(code), said.out, said.err)

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


@dataclass(frozen=True)
class Outcome:
    """What a command that ran within the test's own process said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def inside(
    simulator: Simulator, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> Inside:
    """Runs `core-llms providers` within this process, over a database with tables and one model."""
    for name, value in {**simulator.environment(), "CORE_LLMS_DATABASE_URL": sqlite_url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)

    def run(*arguments: str, stdin: str = "") -> Outcome:
        (tmp_path / "stdin").write_text(stdin)
        with (tmp_path / "stdin").open() as file:
            monkeypatch.setattr(sys, "stdin", file)
            code = run_app(["providers", *arguments])
        said = capsys.readouterr()
        return Outcome(int(code), said.out, said.err)

    arguments = ("register", "openai", "gpt-4.1-mini", "--alias", "support", "--temperature", "0.3", "--no-verify")
    assert run(*arguments, "--upgrade").returncode == 0
    return run
