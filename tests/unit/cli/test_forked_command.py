"""A fork of the process that has loaded everything is `core-llms` as it is installed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from core.llms.simulator import Fault, Simulator
from tests.unit.cli.command import MODEL, Command, Installed, wait_until


@pytest.mark.parametrize("arguments", [("models", "azur"), ("cost", "-", "-m", MODEL, "--json")])
def test_it_says_what_the_installed_one_says(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    forked, installed = (
        kind({"HOME": str(tmp_path)}).run(*arguments, stdin="Grüße".encode()) for kind in (Command, Installed)
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        installed.returncode,
        installed.stdout,
        installed.stderr,
    )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_signal_ends_it_as_it_ends_the_installed_one(
    command: Command, simulator: Simulator, number: signal.Signals, code: int
) -> None:
    simulator.script(Fault(hang=True))
    with command.running("ask", "Hello!", "-m", MODEL) as process:
        wait_until(lambda: simulator.active_requests == 1, "the request arrived")
        process.send_signal(number)
        assert process.wait(timeout=30) == code


def test_it_goes_when_its_caller_is_killed(command: Command, simulator: Simulator) -> None:
    simulator.script(Fault(hang=True))
    with command.running("ask", "Hello!", "-m", MODEL) as process:
        wait_until(lambda: simulator.active_requests == 1, "the request arrived")
        process.kill()
        wait_until(lambda: simulator.clients_disconnected == 1, "the simulator saw the client go")
