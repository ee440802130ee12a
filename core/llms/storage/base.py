"""The declarative base of every table, and the column types that mean the same on PostgreSQL and on SQLite."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, LargeBinary, MetaData, Numeric, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
MONEY_DIGITS: Final = 12
_MONEY_LIMIT: Final = Decimal(9_000_000)


class Base(DeclarativeBase):
    """The base of all tables of the SDK. Constraints have names, so that migrations can change them anywhere."""

    metadata = MetaData(naming_convention=_NAMES)


class UnstorableError(ValueError):
    """A value that a column of its type does not hold, on PostgreSQL or on SQLite."""


def is_integer(value: int) -> bool:
    """Tell whether a column of integers holds a number: on PostgreSQL they have 32 bits."""
    return -(2**31) <= value < 2**31


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, to the microsecond, given and returned in UTC. One without a zone is refused with `UnstorableError`."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise UnstorableError(f"a moment without a time zone is ambiguous: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactJson(TypeDecorator[Any]):
    """JSON that comes back as it went in: the order of keys, and 1.0 and 1e16 as such, which JSONB would change.

    NaN, infinities and what JSON does not have, as Decimal, are refused with `UnstorableError`.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # SQLite would keep the text of a number in a column of the type JSON as a number of its own.
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else JSON(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        try:
            text = None if value is None else json.dumps(value, allow_nan=False)
        except (ValueError, TypeError, RecursionError) as error:
            raise UnstorableError(f"it cannot be kept as JSON: {error}") from error
        return text if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(value) if dialect.name == "sqlite" and value is not None else value


class Name(TypeDecorator[str]):
    """A text to find rows by, of at most `length` characters, ordered by code point.

    What only one of the databases takes, as NUL and lone surrogates, is refused with `UnstorableError`.
    """

    impl = Text
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None:
            check_name(value, self.length)
        return value


def check_name(value: str, length: int) -> None:
    """Tell what a `Name` cannot hold. Raises `UnstorableError`."""
    if len(value) > length:
        raise UnstorableError(f"{value[:20]!r}… has {len(value)} characters, more than {length}")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise UnstorableError(f"{value!r} has a character that a database cannot hold")


class Encrypted(TypeDecorator[bytes]):
    """Bytes that were encrypted before they came here. Whoever changes keys finds every such column by this type."""

    impl = LargeBinary
    cache_ok = True


class Money(TypeDecorator[Decimal]):
    """An amount of up to 9,000,000 (USD), exact to 12 decimal places, that sorts and adds up inside the database.

    More of either is refused with ValueError. SQLite, which has no decimals, holds whole units of the last place.
    """

    impl = Numeric(19, MONEY_DIGITS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(19, MONEY_DIGITS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        units = _units_of(value)
        return units if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-MONEY_DIGITS) if dialect.name == "sqlite" else Decimal(value)


def _units_of(value: Decimal) -> int:
    try:
        units = value.scaleb(MONEY_DIGITS)
        whole = int(units)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError(f"{value} is no amount of money") from error
    if abs(value) > _MONEY_LIMIT or whole != units:
        raise ValueError(f"{value} is more than {_MONEY_LIMIT}, or has more than {MONEY_DIGITS} decimal places")
    return whole
