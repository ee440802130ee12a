"""`core-llms db`: the tables of SQLite and PostgreSQL, there and back, and a password that is never shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.llms.storage.migrations import HEAD
from tests.unit.cli.command import Command


@pytest.fixture
def command() -> Command:
    return Command({})


def test_upgrade_and_downgrade_say_the_revision_they_reached(command: Command, empty_database_url: str) -> None:
    def db(*arguments: str) -> tuple[int, str, str]:
        done = command.run("db", *arguments, CORE_LLMS_DATABASE_URL=empty_database_url)
        return done.returncode, done.stdout, done.stderr

    none = f"no tables (the newest is {HEAD}: run `core-llms db upgrade`)\n"
    assert db("current") == (0, none, "")
    assert db("upgrade") == (0, f"{HEAD}\n", "")
    assert db("upgrade") == (0, f"{HEAD}\n", "")
    assert db("downgrade", "base", "--yes") == (0, none, "")


def test_json_has_the_facts(command: Command, empty_sqlite_url: str) -> None:
    done = command.run("db", "upgrade", "--json", CORE_LLMS_DATABASE_URL=empty_sqlite_url)
    assert json.loads(done.stdout) == {"url": empty_sqlite_url, "revision": HEAD, "newest": HEAD, "is_current": True}


def test_downgrade_without_yes_changes_nothing(command: Command, empty_sqlite_url: str) -> None:
    command.run("db", "upgrade", CORE_LLMS_DATABASE_URL=empty_sqlite_url)
    done = command.run("db", "downgrade", "base", CORE_LLMS_DATABASE_URL=empty_sqlite_url)
    assert (done.returncode, "give --yes if it may be" in done.stderr) == (2, True)
    assert command.run("db", "current", CORE_LLMS_DATABASE_URL=empty_sqlite_url).stdout == f"{HEAD}\n"


@pytest.mark.parametrize("arguments", [("url",), ("url", "--json"), ("current",), ("current", "--json", "--debug")])
def test_password_is_in_no_output(command: Command, arguments: tuple[str, ...]) -> None:
    url = "postgresql://ann:canary-8f3a@127.0.0.1:1/db"
    done = command.run("db", *arguments, CORE_LLMS_DATABASE_URL=url)
    assert "**********@127.0.0.1:1/db" in done.stdout + done.stderr
    assert "canary" not in done.stdout + done.stderr
    assert done.returncode == (0 if "url" in arguments else 8)


def test_url_without_the_variable_is_a_file_of_the_users(command: Command, tmp_path: Path) -> None:
    done = command.run("db", "url", "--json", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path))
    expected = {
        "url": f"sqlite:///{tmp_path}/core-llms/core-llms.db",
        "driver": "aiosqlite",
        "source": "default",
    }
    assert json.loads(done.stdout) == expected
    assert list(tmp_path.iterdir()) == []


def test_url_that_cannot_be_read_is_a_setting_that_is_wrong(command: Command) -> None:
    done = command.run("db", "upgrade", CORE_LLMS_DATABASE_URL="mysql://h/db")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: a database's URL looks like postgresql://")


def test_unknown_revision_is_named_with_those_there_are(command: Command, empty_sqlite_url: str) -> None:
    done = command.run("db", "upgrade", "77", CORE_LLMS_DATABASE_URL=empty_sqlite_url)
    assert done.returncode == 3
    assert "no way to revision '77' of the database" in done.stderr
