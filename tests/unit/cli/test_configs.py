"""`core-llms configs`: aliases listed, shown and checked, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.command import Command

FILE = """\
models:
  drafts:
    provider: groq
    model: openai/gpt-oss-20b
    description: First drafts.
    api_key_env: TEAM_KEY
    parameters: {max_tokens: 2000}
"""


@pytest.fixture
def command() -> Command:
    return Command({})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "models.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_list_has_every_alias_a_line(command: Command, path: Path) -> None:
    done = command.run("configs", "--file", str(path))
    lines = {line.split()[0]: line for line in done.stdout.splitlines()[1:]}

    assert (done.returncode, done.stderr) == (0, "")
    assert len(lines) > 50
    assert "since 2025-03-20" in lines["mixtral-8x7b"]
    assert lines["drafts"].endswith("First drafts.")
    assert {line.split()[1] for line in command.run("configs", "groq").stdout.splitlines()[1:]} == {"groq"}
    nobody = command.run("configs", "nobody")
    assert (nobody.returncode, nobody.stdout) == (0, "")
    assert "no alias is one of this provider's" in nobody.stderr


def test_list_as_json(command: Command) -> None:
    found = json.loads(command.run("configs", "list", "anthropic", "--json").stdout)

    assert found[0] == {
        "alias": "c3opus",
        "provider": "anthropic",
        "model": "claude-3-opus-20240229",
        "retired": "2026-01-05",
        "description": "Claude 3 Opus; retired.",
    }


def test_show_needs_no_key_and_shows_none(command: Command, path: Path) -> None:
    done = command.run("configs", "show", "drafts", "-f", str(path), TEAM_KEY="canary-51b2")
    facts = json.loads(command.run("configs", "show", "drafts", "-f", str(path), "--json").stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert "api key env" in done.stdout
    assert "TEAM_KEY" in done.stdout
    assert "canary" not in done.stdout
    assert (facts["provider"], facts["max_tokens"], facts["api_key_env"]) == ("groq", 2000, "TEAM_KEY")


def test_show_of_an_unknown_alias_says_what_was_meant(command: Command) -> None:
    done = command.run("configs", "show", "gpt-4.1-mimi")

    assert (done.returncode, done.stdout) == (3, "")
    assert "did you mean 'gpt-4.1-mini'?" in done.stderr


def test_check_of_a_fine_file(command: Command, path: Path) -> None:
    done = command.run("configs", "check", str(path))
    as_json = command.run("configs", "check", str(path), "--json")

    assert (done.returncode, done.stdout, done.stderr) == (0, f"{path}: 1 aliases, all fine\n", "")
    assert json.loads(as_json.stdout) == {"aliases": ["drafts"], "problems": [], "warnings": []}


def test_check_tells_everything_wrong_a_line_each(command: Command, path: Path) -> None:
    path.write_text(FILE.replace("groq", "grok").replace("max_tokens", "max_tokns"), encoding="utf-8")
    done = command.run("configs", "check", str(path))
    facts = json.loads(command.run("configs", "check", str(path), "--json").stdout)

    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (3, "", 2)
    assert lines[0].startswith(f"error: {path}:7: models.drafts.parameters.max_tokns: unknown field 'max_tokns'")
    assert [problem["place"] for problem in facts["problems"]] == [f"{path}:7", f"{path}:3"]


def test_check_warns_of_a_model_that_is_not_listed(command: Command, path: Path) -> None:
    path.write_text("models:\n  a: {provider: openai, model: gpt-of-tomorrow}\n", encoding="utf-8")
    done = command.run("configs", "check", str(path))

    assert done.returncode == 0
    assert "warning: openai/gpt-of-tomorrow is not a listed model" in done.stderr
