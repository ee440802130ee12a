"""`core-llms providers explain` and `migrate`, and the options that parameters inherit by."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.conftest import Inside

OWN = "openai/gpt-4.1-mini"


def test_parameters_of_a_command_inherit_and_are_explained(inside: Inside) -> None:
    arguments = ("--parent", OWN, "--preset", "extraction", "--max-tokens", "50", "--no-verify")
    assert inside("register", "openai", "gpt-4o", *arguments).returncode == 0
    told = json.loads(inside("explain", "openai", "gpt-4o", "--json").stdout)
    values = {one["name"]: (one["value"], one["origin"]["source"]) for one in told["parameters"]}
    assert values["max_tokens"] == (50, "parameters")
    assert values["temperature"] == (0.3, "ancestor")
    shown = inside("explain", "openai", "gpt-4o")
    assert shown.stderr.strip() == f"openai/gpt-4o → {OWN} → preset extraction"
    assert inside("update", "openai", "gpt-4o", "--unset", "parent").returncode == 0
    told = json.loads(inside("explain", "openai", "gpt-4o", "--json").stdout)
    values = {one["name"]: (one["value"], one["origin"]["source"]) for one in told["parameters"]}
    assert values["temperature"] == (0.0, "preset")


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("--preset", "extracton"), 4, "extraction"),
        (("--parent", "nobody"), 4, "nobody"),
        (("--provider-version", "1999"), 4, "1999"),
    ],
    ids=["preset", "parent", "version"],
)
def test_what_is_not_known_is_refused_by_name(
    inside: Inside, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    done = inside("update", "support", *arguments)
    assert (done.returncode, complaint in done.stderr) == (code, True), done.stderr


def test_a_migration_is_shown_and_changes_nothing_until_it_is_applied(inside: Inside) -> None:
    shown = inside("migrate", "support", "--to-model", "gpt-4o")
    assert "nothing was changed: give --apply" in shown.stderr
    assert inside("show", "openai", "gpt-4o").returncode == 4
    done = inside("migrate", "support", "--to-model", "gpt-4o", "--apply", "--no-verify")
    assert (done.returncode, done.stdout) == (0, "openai/gpt-4o: migrated from gpt-4.1-mini, at version 2\n")
    facts = json.loads(inside("show", "support", "--json").stdout)
    assert (facts["model_id"], facts["parameters"]["temperature"]) == ("gpt-4o", 0.3)


def test_whoever_may_not_is_told_so(inside: Inside) -> None:
    for arguments in (("explain", "support"), ("migrate", "support", "--to-model", "gpt-4o")):
        assert inside(*arguments, "--actor", "eve").returncode == 4
