from __future__ import annotations

import json
import signal
import socket
import subprocess

import pytest

from tests.unit.cli.command import Command, Installed


def _announcement(process: subprocess.Popen[bytes]) -> dict[str, str]:
    assert process.stdout is not None
    announced = json.loads(process.stdout.readline())
    environment: dict[str, str] = announced["environment"]
    assert environment["OPENAI_BASE_URL"] == f"{announced['url']}/v1"
    return environment


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_simulate_serves_until_it_is_told_to_end(number: signal.Signals) -> None:
    with Installed({}).running("simulate", "--port", "0", "--json") as process:
        asking = Command(_announcement(process))
        done = asking.run("ask", "Say hello", "-m", "azure/gpt-4.1-mini")
        assert done.returncode == 0, done.stderr
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, b"", b"")


def test_simulate_prints_variables_that_a_shell_can_set() -> None:
    with Command({}).running("simulate", "--port", "0") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().decode() for _ in range(8)]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert lines[0].startswith("# The simulator listens on http://127.0.0.1:")
    assert all(line.startswith(("# ", "export ")) for line in lines)
    assert any(line.startswith("export OPENAI_BASE_URL=http://127.0.0.1:") for line in lines)


def test_simulate_holds_to_keys_limits_and_faults() -> None:
    limits = ["--api-key", "sk-only-this-one", "--rate-limit", "1", "--fault", '{"headers": {"x-extra": "1"}}']
    with Command({}).running("simulate", "--port", "0", "--json", *limits) as process:
        asking = Command(_announcement(process))
        assert asking.ask("Hi", OPENAI_API_KEY="sk-another").returncode == 5
        assert asking.ask("Hi").returncode == 0
        assert asking.ask("Hi", "--timeout", "5").returncode == 6


def test_simulate_says_that_a_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = Command({}).run("simulate", "--port", port)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == f"error: cannot listen on 127.0.0.1:{port}: Address already in use\n"


@pytest.mark.parametrize("fault", ["{", '{"latncy": 1}'])
def test_simulate_refuses_an_impossible_fault(fault: str) -> None:
    done = Command({}).run("simulate", "--fault", fault)
    assert done.returncode == 2
    assert done.stderr.startswith("error: Invalid value for --fault: ")
