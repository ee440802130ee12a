"""Reading URLs of databases, and never showing what is secret in one."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from core.llms import ConfigurationError
from core.llms.storage.urls import default_path, parse_url, resolve_url

CANARY = "canary-8f3a"


@pytest.mark.parametrize(
    ("text", "driver", "shown"),
    [
        ("postgresql://u:secret@h/db", "asyncpg", "postgresql://u:**********@h/db"),
        ("postgres://u@h:5433/db", "asyncpg", "postgresql://u@h:5433/db"),
        ("postgresql+asyncpg:///db", "asyncpg", "postgresql:///db"),
        ("postgresql+psycopg://h/db?sslmode=require", "psycopg", "postgresql://h/db?sslmode=require"),
        ("postgresql://u:a%40b@h1:1,h2:2/db", "asyncpg", "postgresql://u:**********@h1:1,h2:2/db"),
        ("postgresql://u@[::1]:5432/db", "asyncpg", "postgresql://u@[::1]:5432/db"),
        ("postgresql:///db?host=/run/pg&password=x", "asyncpg", "postgresql:///db?host=/run/pg&password=**********"),
        ("sqlite:////data/models.db", "aiosqlite", "sqlite:////data/models.db"),
        ("sqlite+aiosqlite:////data/models.db", "aiosqlite", "sqlite:////data/models.db"),
        ("sqlite://", "aiosqlite", "sqlite:///:memory:"),
        ("sqlite:///:memory:", "aiosqlite", "sqlite:///:memory:"),
    ],
)
def test_url_is_read_and_shown_without_its_password(text: str, driver: str, shown: str) -> None:
    url = parse_url(text)
    assert (url.driver, url.shown, repr(url)) == (driver, shown, f"DatabaseUrl({shown!r})")


def test_relative_file_stays_the_same_when_the_working_directory_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = parse_url("sqlite:///models.db")
    monkeypatch.chdir("/")
    assert url.path == tmp_path / "models.db"


def test_home_directory_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert parse_url("sqlite:///~/models.db").path == Path("/home/ann/models.db")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"mysql://u:{CANARY}@h/db", r"looks like postgresql://.* or sqlite:///.*, not mysql://"),
        (f"{CANARY}.db", r"looks like postgresql://.* or sqlite:///"),
        (f"sqlite://{CANARY}.db", r"SQLite has no host: write sqlite:///relative\.db or sqlite:////absolute\.db"),
        (f"sqlite:///a.db?key={CANARY}", r"a URL of SQLite has no parameters"),
        (f"postgresql://u:a/{CANARY}@h/db", r"is its password percent-encoded\?"),
        (f"postgresql://u:a@{CANARY}@h/db", r"is its password percent-encoded\?"),
        (f"postgresql://u:a#{CANARY}@h/db", r"is its password percent-encoded\?"),
        (f"postgresql://u:a?{CANARY}@h/db", r"is its password percent-encoded\?"),
        (f"postgresql://u:{CANARY}", r"is its password percent-encoded\?"),
        (f"postgresql://u:{CANARY}@[h/db", r"cannot be read"),
    ],
)
def test_url_that_cannot_be_read_is_refused_and_not_repeated(text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        parse_url(text)
    assert CANARY not in str(caught.value)


def test_argument_goes_before_the_environment_and_that_before_the_users_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("CORE_LLMS_DATABASE_URL", raising=False)
    assert resolve_url().path == tmp_path / "core-llms" / "core-llms.db"
    monkeypatch.setenv("CORE_LLMS_DATABASE_URL", "postgresql://h/db")
    assert resolve_url().shown == "postgresql://h/db"
    assert resolve_url("sqlite://").is_in_memory


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", "/home/ann/.local/share/core-llms/core-llms.db"),
        ("darwin", "/home/ann/Library/Application Support/core-llms/core-llms.db"),
        ("win32", "/home/ann/AppData/Local/core-llms/core-llms.db"),
    ],
)
def test_users_data_are_where_the_system_keeps_them(
    platform: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv("HOME", "/home/ann")
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert default_path() == Path(expected)


def test_url_refuses_to_be_pickled() -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(parse_url("postgresql://u:p@h/db"))
