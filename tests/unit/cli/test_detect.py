from __future__ import annotations

import json
from pathlib import Path

from core.llms.registry.llm_registry import LLMRegistry
from core.llms.simulator import Simulator
from tests.unit.cli.command import Command

MODEL = ("openai", "gpt-4.1-mini")


def posts(simulator: Simulator) -> int:
    return sum(request.method == "POST" for request in simulator.requests)


def test_detect_reads_the_list_and_shows_what_the_catalogue_says_otherwise(
    command: Command, simulator: Simulator
) -> None:
    done = command.run("models", "detect", "ollama")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["model", "fact", "catalogue", "found", "how"]
    assert ["ollama/gemma3:4b", "vision", "?", "yes", "list"] in [line.split() for line in lines]
    assert done.stderr == "10 models, 5 facts as in the catalogue\n"
    assert {request.path.rpartition("/")[2] for request in simulator.requests} == {"tags", "show"}


def test_detect_asks_before_it_probes(command: Command, simulator: Simulator) -> None:
    refused = command.run("models", "detect", *MODEL, "--probe", "tools", stdin=b"n\n")
    assert (refused.returncode, refused.stdout) == (0, "")
    shown, question, end = refused.stderr.splitlines()
    assert shown.startswith("1 probe, at most $0.000")
    assert (question, end) == ("send them? [y/N]", "nothing was sent")
    nobody = command.run("models", "detect", *MODEL, "--probe", "tools")
    assert nobody.returncode == 2
    assert "nobody answers: say --yes" in nobody.stderr
    assert posts(simulator) == 0

    allowed = command.run("models", "detect", *MODEL, "--probe", "tools", stdin=b"y\n")
    assert "openai/gpt-4.1-mini tools yes yes probe: it called get_weather" in " ".join(allowed.stdout.split())
    assert allowed.stderr.splitlines()[-1].startswith("1 probe sent: $0.0000")
    assert posts(simulator) == 1


def test_detect_holds_the_bill(command: Command, simulator: Simulator) -> None:
    done = command.run("models", "detect", *MODEL, "--probe", "all", "--max-usd", "0.0005", "--yes")
    assert done.returncode == 0
    assert "7 probes, at most $0.0" in done.stderr
    assert "of which no more than $0.0005 is spent" in done.stderr
    assert "not sent: the call may cost up to" in done.stdout
    assert 1 <= posts(simulator) < 7
    assert command.run("models", "detect", *MODEL, "--max-usd", "much").returncode == 2

    unpriced = command.run("models", "detect", "ollama", "qwen3:4b", "--probe", "tools", "--max-usd", "1", "--yes")
    assert "1 model whose price is not known: left out" in unpriced.stderr
    assert all(request.path != "/ollama/api/chat" for request in simulator.requests)


def test_detect_saves_what_a_registry_loads(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    done = command.run("models", "detect", "mistral", "--save", str(path), "--json")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    registry = LLMRegistry()
    registry.load(path)
    assert len(registry.own_profiles) == len(found["models"]) == 13
    profile = registry.get("codestral-2508", "mistral")
    assert (profile.origin, profile.detected_by, profile.capabilities.supports_vision) == ("detected", "list", False)
    assert (found["probe_count"], found["cost"], found["highest_cost"]) == (0, "0", "0")


def test_detect_says_what_is_wrong(command: Command) -> None:
    assert "did you mean 'vision'?" in command.run("models", "detect", *MODEL, "--probe", "visions").stderr
    unknown = command.run("models", "detect", "opneai")
    assert (unknown.returncode, "did you mean 'openai'?" in unknown.stderr) == (3, True)
    missing = command.run("models", "detect", "openai", "gpt-none")
    assert "neither listed nor answering" in missing.stdout
