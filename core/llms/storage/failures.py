"""Saying what a database failed at: the driver's own words, without a statement, its parameters or a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from core.llms.errors import StorageError
from core.llms.storage.urls import DatabaseUrl
from core.llms.types.secrets import mask_secrets_in

_DRIVERS: Final = frozenset({"asyncpg", "psycopg", "aiosqlite", "sqlite3"})


@contextmanager
def connecting(url: DatabaseUrl) -> Iterator[None]:
    """Turn whatever keeps a connection from being made into `StorageError`."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) or _is_database_error(error):
            raise _storage_error(url, "cannot be opened", error) from error
        raise


@contextmanager
def working(url: DatabaseUrl) -> Iterator[None]:
    """Turn an error of the database into `StorageError`; those of the code that uses it pass."""
    try:
        yield
    except StatementError as error:
        if not isinstance(error, DBAPIError) and isinstance(error.orig, ValueError | TypeError):
            # A column's type refused a value, before anything was sent.
            raise error.orig from error
        raise _storage_error(url, "failed", error) from error
    except Exception as error:
        if _is_database_error(error):
            raise _storage_error(url, "failed", error) from error
        raise


def _is_database_error(error: Exception) -> bool:
    return isinstance(error, SQLAlchemyError) or type(error).__module__.partition(".")[0] in _DRIVERS


def _storage_error(url: DatabaseUrl, what: str, error: Exception) -> StorageError:
    words = getattr(error, "orig", None) or error
    reason = " ".join(str(words).split()) or type(words).__name__
    told = mask_secrets_in(f"the database {url.shown} {what}: {reason}".encode(), url.secrets)
    return StorageError(told.decode())
