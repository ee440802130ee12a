"""`core-llms providers parameters` and `template`: rows by themselves, that configurations use and inherit from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli.conftest import Inside

OWN = "openai/gpt-4.1-mini"


def facts(inside: Inside, *arguments: str) -> Any:
    done = inside(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_parent_is_made_first_and_what_inherits_follows_it(inside: Inside) -> None:
    values = ("--max-tokens", "400", "--preset", "extraction", "--set", 'stop=["END"]', "--set", "verbosity=low")
    assert inside("parameters", "create", "company", *values).stdout == "parameters company: stored\n"
    assert inside("parameters", "create", "company", *values).returncode == 0
    other = inside("parameters", "create", "company")
    assert (other.returncode, "change it by `core-llms providers parameters update`" in other.stderr) == (4, True)
    assert inside("register", "openai", "gpt-4o", "--parent", "company", "--no-verify").returncode == 0
    done = inside(
        "parameters", "update", "company", "--temperature", "0.4", "--set", "verbosity=high", "--set", "seed=7"
    )
    assert done.stdout == "parameters company: at version 2\n"
    assert done.stderr.splitlines()[0] == "changed with it: openai/gpt-4o"
    assert "openai/gpt-4o: verbosity is stored, and never sent: `verbosity` is not supported" in done.stderr
    again = inside("parameters", "update", "company", "--temperature", "0.4", "--max-tokens", "300")
    assert again.stderr == "changed with it: openai/gpt-4o\n"
    told = {one["name"]: one for one in facts(inside, "explain", "openai", "gpt-4o")["parameters"]}
    sent = {name: one["value"] for name, one in told.items() if one["is_sent"]}
    assert sent == {"max_tokens": 300, "temperature": 0.4, "stop": ["END"], "seed": 7}
    shown = facts(inside, "parameters", "show", "openai/gpt-4o")
    assert (shown["parent"], shown["used_by"]) == ("company", ["openai/gpt-4o"])
    assert facts(inside, "parameters", "show", "company")["used_by"] == ["openai/gpt-4o"]


def test_list_and_show_tell_what_is_said_and_what_holds(inside: Inside) -> None:
    inside("parameters", "create", "base", "--temperature", "0.2", "--description", "For all")
    inside("parameters", "create", "heir", "--parent", "base", "--top-p", "0.5")
    rows = [line.split() for line in inside("parameters", "list").stdout.splitlines()]
    assert rows[0] == ["parameters", "parent", "preset", "values", "version"]
    assert ["heir", "base", "top_p", "0.5", "1"] in rows
    assert [each["name"] for each in facts(inside, "parameters", "list")] == ["base", "heir", OWN]
    shown = [line.split() for line in inside("parameters", "show", "heir").stdout.splitlines()]
    assert shown[0] == ["name", "heir"]
    holding = shown.index(["holding,", "with", "what", "is", "inherited"])
    assert shown[holding + 1 : holding + 3] == [["temperature", "0.2"], ["top", "p", "0.5"]]
    assert ["description", "For", "all"] in [
        line.split() for line in inside("parameters", "show", "base").stdout.splitlines()
    ]


def test_an_update_changes_what_is_given_and_takes_away_what_is_named(inside: Inside) -> None:
    given = ("--temperature", "0.2", "--top-k", "5", "--set", "verbosity=low", "--set", "n=2")
    inside("parameters", "create", "p", *given, "--switch-off", "preset")
    inside("parameters", "update", "p", "--unset", "top-k", "--unset", "verbosity", "--switch-off", "temperature")
    row = facts(inside, "parameters", "show", "p")
    assert (row["temperature"], row["top_k"], row["extra_parameters"]) == (None, None, {"n": 2})
    assert row["unset"] == ["preset", "temperature"]
    inside("parameters", "update", "p", "--temperature", "0.9", "--unset", "preset", "--set", "verbosity=high")
    inside("parameters", "update", "p", "--rename", "q")
    row = facts(inside, "parameters", "show", "q")
    assert row["extra_parameters"] == {"n": 2, "verbosity": "high"}
    assert (row["temperature"], row["unset"], row["version"]) == (0.9, [], 4)


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("parameters", "create", "x", "--set", "sed=7"), 2, "did you mean 'seed'?"),
        (("parameters", "create", "x", "--set", "seed"), 2, "must look like name=value"),
        (("parameters", "create", "x", "--top-k", "1", "--set", "top_k=2"), 2, "'top_k' is given twice"),
        (("parameters", "create", "x", "--set", "seed=7", "--set", "seed=8"), 2, "'seed' is given twice"),
        (("parameters", "create", "x", "--temperature", "7"), 4, "`temperature`"),
        (("parameters", "create", "x", "--parent", "nobody"), 4, "no parameters are called 'nobody'"),
        (("parameters", "show", "x"), 4, "`core-llms providers parameters create` makes one"),
        (("parameters", "update", OWN), 2, "there is nothing to change"),
        (("parameters", "update", OWN, "--top-k", "1", "--unset", "top-k"), 2, "is given a value, or switched off"),
        (("parameters", "update", OWN, "--top-k", "1", "--expected-version", "7"), 4, "providers parameters show`"),
        (("parameters", "update", OWN, "--max-tokens", "9000000"), 4, "at most"),
        (("parameters", "delete", OWN), 2, "give --yes if that may be"),
        (("parameters", "delete", OWN, "--yes"), 4, "openai/gpt-4.1-mini use it"),
        (("parameters", "rollback", OWN, "7", "--yes"), 4, "`core-llms providers parameters history` lists them"),
        (("parameters", "show", OWN, "--actor", "eve"), 4, "eve"),
        (("template", "create", "t", "--actor", "eve"), 4, "eve"),
        (("template", "update", "t", "--unset", "prefix"), 2, "one of description, provider, system-prompt"),
        (("template", "show", "t"), 4, "`core-llms providers template create` makes one"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(
    inside: Inside, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    done = inside(*arguments)
    assert (done.returncode, complaint in done.stderr) == (code, True), done.stderr


def test_parameters_have_a_history_and_a_way_back(inside: Inside) -> None:
    inside("parameters", "update", OWN, "--temperature", "0.1")
    assert [one["number"] for one in facts(inside, "parameters", "history", OWN)] == [2, 1]
    assert inside("parameters", "history", OWN, "--diff", "1..2").stdout == "temperature: 0.3 -> 0.1\n"
    asked = inside("parameters", "rollback", OWN, "1")
    assert (asked.returncode, asked.stderr.splitlines()[0]) == (2, "temperature: 0.1 -> 0.3")
    done = inside("parameters", "rollback", OWN, "1", "--yes")
    assert done.stdout == f"parameters {OWN}: as at revision 1, at version 3\n"
    assert "changed with it: openai/gpt-4.1-mini" in done.stderr
    assert facts(inside, "show", "support")["parameters"]["temperature"] == 0.3


def test_a_template_is_made_used_changed_undone_and_deleted(inside: Inside) -> None:
    texts = ("--system-prompt", "Be brief.", "--query-prefix", "Question:", "--provider", "openai")
    assert inside("template", "create", "brief", *texts).stdout == "template brief: stored\n"
    rows = [line.split() for line in inside("template", "list").stdout.splitlines()]
    assert rows == [
        ["template", "provider", "has", "version"],
        ["brief", "openai", "system", "prompt,", "query", "prefix", "1"],
    ]
    assert inside("register", "openai", "gpt-4o", "--template", "brief", "--no-verify").returncode == 0
    done = inside("template", "update", "brief", "--system-prompt", "Be kind.", "--unset", "query-prefix")
    assert (done.stdout, done.stderr) == ("template brief: at version 2\n", "changed with it: openai/gpt-4o\n")
    shown = facts(inside, "template", "show", "brief")
    assert (shown["system_prompt"], shown["query_prefix"], shown["used_by"]) == ("Be kind.", None, ["openai/gpt-4o"])
    assert inside("template", "delete", "brief", "--yes").returncode == 4
    assert inside("template", "rollback", "brief", "1", "--yes", "--expected-version", "1").returncode == 4
    assert inside("template", "rollback", "brief", "1", "--yes").returncode == 0
    assert facts(inside, "show", "openai/gpt-4o")["prompt_template"]["system_prompt"] == "Be brief."
    inside("delete", "openai/gpt-4o", "--yes")
    assert facts(inside, "template", "delete", "brief", "--yes") == {"deleted": "brief"}
    assert [one["action"] for one in facts(inside, "template", "history", "brief")] == [
        "delete", "rollback", "update", "create",
    ]  # fmt: skip
