"""Where the database is: reading and masking URLs, and the file that is used where none is given. No connection."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from core.llms.errors import ConfigurationError
from core.llms.types.secrets import MASK, Secret

URL_VARIABLE: Final = "CORE_LLMS_DATABASE_URL"
Driver = Literal["asyncpg", "psycopg", "aiosqlite"]
_DRIVERS: Final[Mapping[str, Driver]] = {
    "postgresql": "asyncpg",
    "postgres": "asyncpg",
    "postgresql+asyncpg": "asyncpg",
    "postgresql+psycopg": "psycopg",
    "sqlite": "aiosqlite",
    "sqlite+aiosqlite": "aiosqlite",
}
_FORMS: Final = "postgresql://user:password@host/database or sqlite:///path/to/file.db"
_MEMORY: Final = ("", ":memory:")
_HOST: Final = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:\d*)?")
_SECRET_PARAMETERS: Final = ("password", "sslpassword")


@dataclass(frozen=True, slots=True, repr=False)
class DatabaseUrl:
    """An address of a database, read. `shown` is for people: it holds no password.

    `path` is SQLite's file, None for a database in memory; `dsn` is PostgreSQL's own form of the address.
    """

    driver: Driver
    shown: str
    path: Path | None = None
    dsn: Secret | None = None
    secrets: tuple[Secret, ...] = ()

    @property
    def is_sqlite(self) -> bool:
        """Tell SQLite from PostgreSQL."""
        return self.driver == "aiosqlite"

    @property
    def is_in_memory(self) -> bool:
        """Tell whether the data end with the connection."""
        return self.is_sqlite and self.path is None

    def __repr__(self) -> str:
        return f"DatabaseUrl({self.shown!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a DatabaseUrl cannot be pickled: it may hold a password")


def resolve_url(url: str | None = None) -> DatabaseUrl:
    """Read a URL: the one given, else `CORE_LLMS_DATABASE_URL`, else an SQLite file among the user's data.

    Raises `ConfigurationError`, which never repeats the URL.
    """
    text = url or os.environ.get(URL_VARIABLE)
    return parse_url(text) if text else _sqlite_file(default_path())


def default_path() -> Path:
    """Return the file for a user who names no database, where the system keeps the data of applications."""
    home = Path.home()
    if sys.platform == "win32":
        folder = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    return Path(folder) / "core-llms" / "core-llms.db"


def parse_url(text: str) -> DatabaseUrl:
    """Read a URL of PostgreSQL or SQLite. Raises `ConfigurationError`, which never repeats it."""
    scheme, separator, rest = text.strip().partition("://")
    driver = _DRIVERS.get(scheme.lower())
    if not separator or driver is None:
        known = f"not {scheme}://" if separator and re.fullmatch(r"[\w+.-]+", scheme) else "and this is none"
        raise ConfigurationError(f"a database's URL looks like {_FORMS}, {known}")
    return _parse_sqlite(rest) if driver == "aiosqlite" else _parse_postgresql(driver, rest)


def _parse_sqlite(rest: str) -> DatabaseUrl:
    if rest and not rest.startswith("/"):
        raise ConfigurationError("SQLite has no host: write sqlite:///relative.db or sqlite:////absolute.db")
    if "?" in rest:
        raise ConfigurationError("a URL of SQLite has no parameters: it ends with the file's name")
    name = rest.removeprefix("/")
    if name in _MEMORY:
        return DatabaseUrl("aiosqlite", "sqlite:///:memory:")
    return _sqlite_file(Path(name).expanduser())


def _sqlite_file(path: Path) -> DatabaseUrl:
    # Absolute, so that changing the working directory later opens no other file.
    absolute = path.absolute()
    return DatabaseUrl("aiosqlite", f"sqlite:///{absolute.as_posix()}", path=absolute)


def _parse_postgresql(driver: Driver, rest: str) -> DatabaseUrl:
    dsn = f"postgresql://{rest}"
    try:
        parts = urlsplit(dsn)
    except ValueError as error:
        raise ConfigurationError(f"the URL of PostgreSQL cannot be read; it looks like {_FORMS}") from error
    login, at, hosts = parts.netloc.rpartition("@")
    # Else a part of the password would be taken for a host, and shown.
    if parts.fragment or rest.count("@") > len(at) or not all(map(_HOST.fullmatch, hosts.split(","))):
        raise ConfigurationError("the URL of PostgreSQL cannot be read: is its password percent-encoded?")
    user, colon, password = login.partition(":")
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    secrets = [password, *(value for name, value in parameters if name in _SECRET_PARAMETERS)]
    shown = f"postgresql://{user}{f':{MASK}' if password else colon}{at}{hosts}{parts.path}{_shown_query(parts)}"
    return DatabaseUrl(driver, shown, dsn=Secret(dsn), secrets=tuple(_forms_of(secrets)))


def _shown_query(parts: SplitResult) -> str:
    pieces = (piece.partition("=") for piece in parts.query.split("&") if piece)
    shown = (f"{name}={MASK if name in _SECRET_PARAMETERS else value}" for name, _, value in pieces)
    return f"?{'&'.join(shown)}" if parts.query else ""


def _forms_of(passwords: Iterable[str]) -> Iterable[Secret]:
    return [Secret(form) for password in passwords if password for form in {password, unquote(password)}]
