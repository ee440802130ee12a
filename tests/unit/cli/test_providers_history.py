"""`core-llms providers history`, `rollback` and `audit`."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from core.llms.cli.providers.acting import find_actor
from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.stored_settings import store_settings
from tests.unit.cli.conftest import Inside, Providers

OWN = "openai/gpt-4.1-mini"


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_history_lists_revisions_with_what_changed_and_compares_two(inside: Inside) -> None:
    inside("update", "support", "--temperature", "0.1")
    inside("update", "support", "--alias", "desk")
    me = str(find_actor(None))
    shown = inside("history", "desk")
    assert [line.split()[0] for line in lines(shown.stdout)] == ["revision", "3", "2", "1"]
    assert lines(shown.stdout)[1].endswith(f"{me} update alias: 'support' -> 'desk'")
    assert lines(inside("history", OWN, "--limit", "1").stdout)[1:] == lines(shown.stdout)[1:2]
    assert (
        inside("history", "openai", "gpt-4.1-mini", "--diff", "1..2").stdout == "parameters.temperature: 0.3 -> 0.1\n"
    )
    assert inside("history", "desk", "--diff", "2").stdout == "alias: 'support' -> 'desk'\n"
    assert inside("history", "desk", "--diff", "3").stderr == "revisions 3 and 3 say the same\n"
    of_rows = json.loads(inside("history", "--parameters", OWN, "--json").stdout)
    assert [(each["number"], each["content"]["temperature"]) for each in of_rows] == [(2, 0.1), (1, 0.3)]
    assert inside("history", "--template", "none").stderr == "warning: none has no history\n"


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ((), 2, "give a model, or --parameters, or --template"),
        (("support", "--template", "t"), 2, "give a model, or --parameters, or --template"),
        (("support", "--diff", "x"), 2, "a revision or two, as in 3 or 3..5, not 'x'"),
        (("support", "--diff", "7"), 4, "has no revision 7; `core-llms providers history` lists them"),
    ],
)
def test_history_of_what_is_not_there_is_refused(
    inside: Inside, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    done = inside("history", *arguments)
    assert (done.returncode, complaint in done.stderr) == (code, True), done.stderr


def test_rollback_says_what_will_change_and_does_it_when_told(inside: Inside) -> None:
    inside("update", "support", "--temperature", "0.1", "--alias", "desk")
    inside("disable", "desk")
    asked = inside("rollback", "desk", "1")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr.startswith("alias: 'desk' -> 'support'\nparameters.temperature: 0.1 -> 0.3\nerror: ")
    assert "nothing was changed; give --yes if the above may be" in asked.stderr
    stale = inside("rollback", "desk", "1", "--yes", "--expected-version", "1")
    assert (stale.returncode, "`core-llms providers show` says what it is now" in stale.stderr) == (4, True)
    done = inside("rollback", "desk", "1", "--yes")
    assert (done.returncode, done.stdout) == (0, f"{OWN}: as at revision 1, at version 4\n")
    facts = json.loads(inside("show", "support", "--json").stdout)
    assert (facts["parameters"]["temperature"], facts["is_active"], facts["version"]) == (0.3, False, 4)
    inside("delete", "support", "--yes")
    back = json.loads(inside("rollback", OWN, "4", "--yes", "--json").stdout)
    assert (back["alias"], back["is_active"]) == ("support", False)
    assert inside("rollback", OWN, "99").returncode == 4


def test_delete_is_one_change_with_what_was_its_own(inside: Inside) -> None:
    inside("register", "openai", "gpt-4.1", "--no-verify", "--parameters", "shared")
    assert inside("delete", "openai/gpt-4.1", "--yes").stdout == "openai/gpt-4.1: deleted; parameters 'shared' stay\n"
    before = json.loads(inside("audit", "--json").stdout)[0]["sequence"]
    stale = inside("delete", "support", "--yes", "--expected-version", "9")
    assert stale.returncode == 4
    assert inside("delete", "support", "--yes").stdout == f"{OWN}: deleted\n"
    deleted = [entry for entry in json.loads(inside("audit", "--json").stdout) if entry["sequence"] > before]
    assert [(each["kind"], each["name"]) for each in reversed(deleted)] == [("configuration", OWN), ("parameters", OWN)]
    assert len({each["at"] for each in deleted}) == 1


def test_audit_lists_and_chooses(inside: Inside) -> None:
    inside("disable", "support", "--actor", "ann")
    inside("update", "support", "--temperature", "0.1")
    heading, newest, *_ = lines(inside("audit").stdout)
    assert heading == "entry at actor action outcome kind name details"
    assert newest.endswith(f"update done parameters {OWN} temperature: 0.3 -> 0.1")
    (denied,) = json.loads(inside("audit", "--denied", "--json").stdout)
    assert (denied["actor"], denied["name"], denied["scope"]["model"]) == ("ann", "read", "gpt-4.1-mini")
    assert [each["actor"] for each in json.loads(inside("audit", "--by", "ann", "--json").stdout)] == ["ann"]
    kinds = {each["kind"] for each in json.loads(inside("audit", "--kind", "parameters", "--json").stdout)}
    assert kinds == {"parameters"}
    assert inside("audit", "--since", "2100-01-01").stderr == "warning: the audit has no entry of these\n"


def test_a_broken_audit_ends_with_9_and_says_which_entry(inside: Inside, providers: Providers, sqlite_url: str) -> None:
    verified = inside("audit", "--verify")
    assert verified.returncode == 0
    anchor = verified.stdout.split()[-1]
    assert verified.stdout == f"2 entries, all as they were written; anchor {anchor}\n"
    assert inside("audit", "--verify", "--anchor", anchor).returncode == 0
    assert inside("audit", "--anchor", anchor).returncode == 2
    assert inside("audit", "--verify", "--anchor", "x").returncode == 2
    other = f"{anchor[0]}:{'0' * 64}"
    assert (
        "entry 2: it is not the entry that the anchor was taken of"
        in inside("audit", "--verify", "--anchor", other).stderr
    )
    with sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE audit_entries SET actor = 'bob' WHERE sequence = 1")
    broken = providers("audit", "--verify")
    assert (broken.returncode, broken.stdout, broken.stderr) == (
        9, "", "error: entry 1: it was changed after it was written\n"
    )  # fmt: skip
    facts = json.loads(inside("audit", "--verify", "--json").stdout)
    assert (facts["is_intact"], facts["problems"][0]["sequence"]) == (False, 1)


def test_nothing_of_history_and_audit_shows_a_secret(inside: Inside, sqlite_url: str) -> None:
    async def store() -> None:
        async with Database(sqlite_url) as database:
            service = ProviderConfigService(database, actor=Actor("job", is_trusted=True))
            await store_settings(database, "openai", "gpt-4.1-mini", {"api_token": "canary-5f0e"})
            await service.update_provider_model("openai", "gpt-4.1-mini", {"description": "changed"})

    asyncio.run(store())
    for arguments in (
        ("history", "support"), ("history", "support", "--json"), ("history", "support", "--diff", "1"),
        ("audit",), ("audit", "--json"), ("rollback", "support", "1"), ("export",), ("export", "--json"),
    ):  # fmt: skip
        done = inside(*arguments)
        assert "canary" not in done.stdout + done.stderr, arguments
    assert f"configurations.{OWN}.settings.api_token is left out: it may be a secret" in inside("export").stderr
