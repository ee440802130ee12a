"""Sums of usage by groups, made inside the database, and the same from PostgreSQL and from SQLite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    TableValuedAlias,
    Text,
    func,
    literal_column,
    select,
    true,
    tuple_,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.storage.base import MONEY_DIGITS, Money
from core.llms.storage.tables import UsageTotalsRow
from core.llms.types.usage_totals import UsageTotals

_SUMS: Final = tuple(one.name for one in fields(UsageTotals))
# SQLite adds up to 2^63, which is less than ten million dollars in units of the last place: it does so in two parts.
_PART: Final = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageQuery:
    """Which usage is added up: of hours from `since` on and before `until`, both with a zone, by what agrees in it.

    `group_by` has names of `USAGE_GROUPS`. `names` are values of `provider`, `model`, `operation`, `alias` and
    `user_id`; `models` are pairs of provider and model, None for all of them.
    """

    group_by: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    models: Collection[tuple[str, str]] | None = None


async def sum_usage(session: AsyncSession, query: UsageQuery) -> list[tuple[tuple[str, ...], UsageTotals]]:
    """Add up usage, and return the texts of each group with its sums, ordered by code point.

    Grouped by `tag`, a call with several tags counts with each of them. What a call does not have is an empty text.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    tags = _tags(is_sqlite)
    groups = [USAGE_GROUPS[name](is_sqlite, tags) for name in query.group_by]
    statement = select(*groups, *(_sum(name, is_sqlite) for name in _SUMS)).group_by(*groups)
    if "tag" in query.group_by:
        statement = statement.select_from(UsageTotalsRow).outerjoin(tags, true())
    rows = [tuple(row) for row in await session.execute(_restrict(statement, query))]
    size = len(groups)
    # Without groups there is a row even where nothing was recorded.
    return sorted((row[:size], _read_sums(row[size:], is_sqlite)) for row in rows if row[size])


async def list_used_models(session: AsyncSession, query: UsageQuery) -> list[tuple[str, str]]:
    """Return provider and model of all usage that a query is about."""
    statement = select(UsageTotalsRow.provider, UsageTotalsRow.model).distinct()
    return sorted((row.provider, row.model) for row in await session.execute(_restrict(statement, query)))


def _restrict(statement: Select[*tuple[Any, ...]], query: UsageQuery) -> Select[*tuple[Any, ...]]:
    if query.since is not None:
        statement = statement.where(UsageTotalsRow.hour >= query.since)
    if query.until is not None:
        statement = statement.where(UsageTotalsRow.hour < query.until)
    for name, value in query.names.items():
        statement = statement.where(getattr(UsageTotalsRow, name) == value)
    if query.models is not None:
        statement = statement.where(tuple_(UsageTotalsRow.provider, UsageTotalsRow.model).in_(list(query.models)))
    return statement


def _tags(is_sqlite: bool) -> TableValuedAlias:
    expand = func.json_each if is_sqlite else func.json_array_elements_text
    return expand(UsageTotalsRow.tags).table_valued("value", name="tags_of_row")


def _name(column: str, is_sqlite: bool, tags: TableValuedAlias) -> ColumnElement[str]:
    return type_coerce(getattr(UsageTotalsRow, column), Text)


def _tag(is_sqlite: bool, tags: TableValuedAlias) -> ColumnElement[str]:
    return func.coalesce(type_coerce(tags.c.value, Text), literal_column("''"))


def _moment(sqlite: str, postgresql: str, is_sqlite: bool, tags: TableValuedAlias) -> ColumnElement[str]:
    # As literals: a parameter of the groups would not be the same expression as that of the columns.
    if is_sqlite:
        return func.strftime(literal_column(f"'{sqlite}'"), UsageTotalsRow.hour)
    in_utc = func.timezone(literal_column("'UTC'"), UsageTotalsRow.hour)
    return func.to_char(in_utc, literal_column(f"'{postgresql}'"))


USAGE_GROUPS: Final[Mapping[str, Callable[[bool, TableValuedAlias], ColumnElement[str]]]] = {
    **{name: partial(_name, name) for name in ("provider", "model", "operation", "alias", "user_id")},
    "tag": _tag,
    "hour": partial(_moment, "%Y-%m-%d %H:00", "YYYY-MM-DD HH24:00"),
    "day": partial(_moment, "%Y-%m-%d", "YYYY-MM-DD"),
    "month": partial(_moment, "%Y-%m", "YYYY-MM"),
}
"""What usage can be grouped by; hours, days and months are those of UTC."""


def _sum(name: str, is_sqlite: bool) -> ColumnElement[Any]:
    column = getattr(UsageTotalsRow, name)
    if not (is_sqlite and _is_money(name)):
        return func.sum(column)
    units, part = type_coerce(column, BigInteger), literal_column(str(_PART), BigInteger)
    large, small = func.sum(units // part), func.sum(units % part)
    return type_coerce(func.printf("%d %d", large, small), Text)


def _is_money(name: str) -> bool:
    return isinstance(UsageTotalsRow.__table__.columns[name].type, Money)


def _read_sums(values: Sequence[Any], is_sqlite: bool) -> UsageTotals:
    sums: dict[str, Any] = {}
    for name, value in zip(_SUMS, values, strict=True):
        if is_sqlite and _is_money(name):
            large, small = map(int, value.split())
            sums[name] = Decimal(large * _PART + small).scaleb(-MONEY_DIGITS)
        else:
            # PostgreSQL adds whole numbers up to decimals.
            sums[name] = value if _is_money(name) or isinstance(value, float) else int(value)
    return UsageTotals(**sums)
