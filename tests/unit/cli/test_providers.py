"""`core-llms providers`: the table, one provider, JSON, Markdown, and files written anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.llms.cli.marked_text import remake
from core.llms.create import list_providers
from core.llms.features import FEATURES
from tests.unit.cli.command import Command


def test_providers_draws_a_line_for_each_without_any_key(command: Command) -> None:
    done = command.run("providers", OPENAI_API_KEY="", AZURE_OPENAI_API_KEY="")
    heading, *lines = done.stdout.splitlines()
    assert (done.returncode, heading.split()[:3]) == (0, ["provider", "credential", "images"])
    assert sorted(line.split()[0] for line in lines) == list_providers()
    assert "?: it is up to a model that is not listed here" in done.stderr


def test_provider_alone_is_told_with_a_model_that_can(command: Command) -> None:
    lines = command.run("providers", "groq").stdout.splitlines()
    facts = dict(line.split("  ", 1) for line in lines)
    assert facts["credential"].strip() == "GROQ_API_KEY"
    assert facts["images"].strip() == "yes (qwen/qwen3.8-27b)"
    assert facts["token count"].strip() == "no"


def test_json_has_every_feature_of_every_provider(command: Command) -> None:
    done = command.run("providers", "--json")
    told = {facts["provider"]: facts for facts in json.loads(done.stdout)}
    assert sorted(told) == list_providers()
    assert all(list(facts["features"]) == [feature.name for feature in FEATURES] for facts in told.values())
    assert told["deepseek"]["features"]["typed_answers"]["detail"] == "by tool"
    assert told["ollama"]["features"]["images"] == {"able": None, "detail": None, "model": None}
    assert told["bedrock"]["credential_variables"][1] == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    assert told["azure"]["wires"] == {"chat": "openai_chat", "responses": "openai_responses"}


def test_unknown_provider_names_the_close_one(command: Command) -> None:
    done = command.run("providers", "grog")
    assert done.returncode == 3
    assert "did you mean 'groq'" in done.stderr


def test_update_writes_between_the_marks_alone(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before.\n\n<!-- core-llms providers groq -->\nold\n<!-- end -->\n\nAfter.\n")
    first, second = (command.run("providers", "--update", str(page)) for _ in range(2))
    text = page.read_text()
    assert text.startswith("Before.\n\n<!-- core-llms providers groq -->\n\n- Yes: streams, images,")
    assert text.endswith("\n\n<!-- end -->\n\nAfter.\n")
    assert ("written anew" in first.stderr, "written anew" in second.stderr) == (True, False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("No mark.\n", "no mark"),
        ("<!-- core-llms providers groq -->\nnot ended\n", "no mark"),
        ("<!-- core-llms providers --json -->\n<!-- end -->\n", "not '--json'"),
    ],
)
def test_update_of_a_file_with_no_proper_mark_changes_nothing(
    command: Command, tmp_path: Path, text: str, problem: str
) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    done = command.run("providers", "--update", str(page))
    assert (done.returncode, problem in done.stderr, page.read_text()) == (2, True, text)


def test_ways_of_writing_exclude_each_other(command: Command) -> None:
    assert command.run("providers", "--json", "--markdown").returncode == 2


def test_every_mark_of_a_file_is_made_with_its_own_arguments() -> None:
    text = "<!-- core-llms providers a --brief -->\n<!-- end -->\nx\n<!-- core-llms providers b -->\ny\n<!-- end -->\n"
    assert remake(text, lambda arguments: f"{arguments}\n") == (
        "<!-- core-llms providers a --brief -->\n\n['a', '--brief']\n\n<!-- end -->\nx\n"
        "<!-- core-llms providers b -->\n\n['b']\n\n<!-- end -->\n"
    )
