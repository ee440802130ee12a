"""`core-llms providers health`, `check` and `watch`: what is told of checks, and how watching ends."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import IO, Any

from core.llms.simulator import Fault, Simulator
from tests.unit.cli.command import Command
from tests.unit.cli.conftest import Providers

OWN = "openai/gpt-4.1-mini"


def _lines(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout


def _read_events(process: subprocess.Popen[bytes], count: int) -> list[dict[str, Any]]:
    return [json.loads(_lines(process).readline()) for _ in range(count)]


def test_health_tells_of_no_check_and_then_of_some(registered: Providers, simulator: Simulator) -> None:
    (before,) = json.loads(registered("health", "--json").stdout)
    assert (before["state"], before["checks"]["calls"], before["checks"]["success_rate"]) == ("unknown", 0, None)
    done = registered("check")
    assert (done.returncode, done.stdout.split(",")[0]) == (0, f"{OWN}: ok")
    simulator.faults.append(Fault(status=500))
    assert registered("check", "support").returncode == 7
    heading, line = registered("health").stdout.splitlines()
    assert heading.split("  ")[0] == "model"
    assert line.split()[:3] == [OWN, "degraded", "yes"]
    assert line.endswith("ServerError (1 in a row)")
    (facts,) = json.loads(registered("health", "support", "--json").stdout)
    assert (facts["failures_in_a_row"], facts["checks"]["success_rate"]) == (1, 0.5)


def test_history_is_newest_first(registered: Providers, simulator: Simulator) -> None:
    assert registered("health", "support", "--history").stderr == "warning: nothing was found out of it yet\n"
    registered("check")
    simulator.faults.append(Fault(status=401))
    registered("check")
    history = json.loads(registered("health", "support", "--history", "--json").stdout)
    assert [(check["outcome"], check["status"]) for check in history] == [("refused", 401), ("ok", None)]
    heading, newest, _ = registered("health", "support", "--history").stdout.splitlines()
    assert heading.split() == ["at", "kind", "outcome", "calls", "seconds", "error"]
    assert "AuthenticationError: " in newest
    assert len(registered("health", "support", "--history", "--limit", "1").stdout.splitlines()) == 2
    assert registered("health", "--history").returncode == 2


def test_the_exit_code_of_a_check_is_that_of_the_worst_outcome(registered: Providers, simulator: Simulator) -> None:
    registered("register", "groq", "openai/gpt-oss-20b", "--no-verify", GROQ_API_KEY="")
    simulator.faults.append(Fault(status=429))
    assert registered("check", "support").returncode == 6
    simulator.faults.clear()
    assert registered("check", GROQ_API_KEY="").returncode == 3
    simulator.faults.append(Fault(status=401))
    assert registered("check", GROQ_API_KEY="").returncode == 5


def test_nothing_to_check_is_said(registered: Providers) -> None:
    registered("disable", "support")
    assert registered("check").stderr == "warning: no model is configured and switched on\n"


def test_watch_checks_switches_and_ends_by_sigterm(
    registered: Providers, command: Command, simulator: Simulator, sqlite_url: str
) -> None:
    watching = Command({**simulator.environment(), "CORE_LLMS_DATABASE_URL": sqlite_url})
    arguments = ("providers", "watch", "--interval", "0.2", "--deactivate", "--failures", "2", "--json")
    with watching.running(*arguments) as process:
        leader, first = _read_events(process, 2)
        assert (leader["event"], leader["is_leader"]) == ("leader", True)
        assert (first["event"], first["model_id"], first["outcome"]) == ("check", "gpt-4.1-mini", "ok")
        simulator.faults.append(Fault(status=500))
        while (event := _read_events(process, 1)[0])["switched"] is None:
            assert event["event"] == "check"
        assert event["switched"] == "off"
        (facts,) = json.loads(registered("health", "--json").stdout)
        # The two failures that it was switched off for are fewer than the default for the last state.
        assert (facts["is_active"], facts["state"] in {"degraded", "unhealthy"}) == (False, True)
        assert "no, by health" in registered("health").stdout
        simulator.faults.clear()
        while (event := _read_events(process, 1)[0])["switched"] is None:
            assert event["event"] == "check"
        assert event["switched"] == "on"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        last = _lines(process).read().splitlines()[-1]
        assert process.stderr is not None
        told = process.stderr.read().decode()
    assert json.loads(last) == {"event": "leader", "is_leader": False}
    assert told == "openai/gpt-4.1-mini is switched off: 2 failures in a row\n"


def test_watch_ends_where_nobody_reads(registered: Providers, simulator: Simulator, sqlite_url: str) -> None:
    watching = Command({**simulator.environment(), "CORE_LLMS_DATABASE_URL": sqlite_url})
    with watching.running("providers", "watch", "--interval", "0.1") as process:
        assert _lines(process).readline() == b"checks each once in 0.1 s, switches nothing\n"
        assert _lines(process).readline().startswith(b"openai/gpt-4.1-mini: ok, ")
        _lines(process).close()
        assert process.wait(timeout=30) == 141
