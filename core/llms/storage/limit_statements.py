"""The statements of `DatabaseLimitStore`, the same for PostgreSQL and SQLite but for the words that these do not share.

`excluded.moment` is the time at which a statement began: what stands in the row is moved on from it. Who waited for the
row judges the row as it is then by a time that has passed a little, and so never grants too much.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import TextClause, text

from core.llms.types.limits import DIMENSIONS

_FLOAT: Final = "CAST({} AS double precision)"
_NUMBER: Final = _FLOAT.format(":{}")
_EPSILON: Final = "0.000001"


class LimitStatements:
    """Statements for one kind of database. `has_clock`: the time is given, as `:now`; else it is PostgreSQL's."""

    def __init__(self, *, is_sqlite: bool, has_clock: bool) -> None:
        self._is_sqlite = is_sqlite
        self._now = _NUMBER.format("now") if has_clock else _FLOAT.format("extract(epoch FROM clock_timestamp())")
        self.reserve = self._reserve()
        self.settle = self._settle()
        self.renew = self._renew()
        columns = ", ".join(DIMENSIONS)
        self.read = text(
            f"SELECT {self._now} AS moment, held_until, {columns}"  # noqa: S608 - names of columns, no values
            " FROM rate_limits WHERE digest = :digest"
        )

    def _upsert(
        self, fresh: Callable[[str], str], changed: Callable[[str], str], *, held: str, first: str, leases: str
    ) -> str:
        columns = ", ".join(DIMENSIONS)
        values = ", ".join(fresh(name) for name in DIMENSIONS)
        updates = ", ".join(f"{name} = {changed(name)}" for name in DIMENSIONS)
        return (
            f"INSERT INTO rate_limits (digest, name, moment, held_until, leases, {columns})"  # noqa: S608 - as above
            f" SELECT CAST(:digest AS text), CAST(:name AS text), clock.moment, {held}, {first}, {values}"
            f" FROM (SELECT {self._now} AS moment) AS clock WHERE true"
            f" ON CONFLICT (digest) DO UPDATE SET moment = excluded.moment, {updates}, leases = {leases}"
        )

    def _reserve(self) -> TextClause:
        after = {
            name: f"{self._later(f'rate_limits.{name}')} + {_NUMBER.format(f'cost_{name}')}" for name in DIMENSIONS
        }
        limit = {name: f"excluded.moment + {_NUMBER.format(f'burst_{name}')}" for name in DIMENSIONS}
        statement = self._upsert(
            lambda name: f"clock.moment + {_NUMBER.format(f'cost_{name}')}",
            after.__getitem__,
            held="0",
            first=self._first_lease(),
            leases=self._with_lease(),
        )
        conditions = [f"{after[name]} <= {limit[name]}" for name in DIMENSIONS]
        conditions.append(f"rate_limits.held_until <= excluded.moment + {_EPSILON}")
        conditions.append(f"{self._count_live_leases()} < {_NUMBER.format('places')}")
        columns = ", ".join(DIMENSIONS)
        return text(f"{statement} WHERE {' AND '.join(conditions)} RETURNING moment, {columns}")

    def _settle(self) -> TextClause:
        def changed(name: str) -> str:
            credit, debt, floor = (_NUMBER.format(f"{what}_{name}") for what in ("credit", "debt", "floor"))
            shifted = self._later(f"rate_limits.{name} + {credit}")
            return self._greatest(f"{shifted} + {debt}", f"excluded.moment + {floor}")

        def fresh(name: str) -> str:
            return f"clock.moment + {self._greatest(*(_NUMBER.format(f'{what}_{name}') for what in ('debt', 'floor')))}"

        hold = _NUMBER.format("hold")
        held = self._greatest("rate_limits.held_until", f"excluded.moment + {hold}")
        statement = self._upsert(
            fresh, changed, held=f"clock.moment + {hold}", first=self._empty(), leases=self._without_lease()
        )
        return text(f"{statement}, held_until = {held}")

    def _renew(self) -> TextClause:
        leases = self._joined("leases", self._lease(self._now))
        return text(f"UPDATE rate_limits SET leases = {leases} WHERE digest = :digest")  # noqa: S608 - as above

    def _greatest(self, one: str, other: str) -> str:
        return f"{'max' if self._is_sqlite else 'greatest'}({one}, {other})"

    def _later(self, moment: str) -> str:
        return self._greatest(moment, "excluded.moment")

    # Leases are a JSON object in the row itself, from id to the moment at which it ends: another table would be read as
    # it was when the statement began, before it had the row to itself.

    def _first_lease(self) -> str:
        return f"CASE WHEN CAST(:lease_id AS text) IS NULL THEN {self._empty()} ELSE {self._lease('clock.moment')} END"

    def _with_lease(self) -> str:
        added = self._joined(self._live_leases(), self._lease("excluded.moment"))
        return f"CASE WHEN CAST(:lease_id AS text) IS NULL THEN rate_limits.leases ELSE {added} END"

    def _without_lease(self) -> str:
        if self._is_sqlite:
            rest = "json_remove(rate_limits.leases, '$.\"' || :lease_id || '\"')"
        else:
            rest = "rate_limits.leases - CAST(:lease_id AS text)"
        return f"coalesce({rest}, rate_limits.leases)"

    def _lease(self, now: str) -> str:
        made = "json_object" if self._is_sqlite else "jsonb_build_object"
        return f"{made}(CAST(:lease_id AS text), {now} + {_NUMBER.format('lease_seconds')})"

    def _empty(self) -> str:
        return "'{}'" if self._is_sqlite else "CAST('{}' AS jsonb)"

    def _joined(self, one: str, other: str) -> str:
        return f"json_patch({one}, {other})" if self._is_sqlite else f"{one} || {other}"

    def _live_leases(self) -> str:
        collected = "json_group_object" if self._is_sqlite else "jsonb_object_agg"
        return f"(SELECT coalesce({collected}(one.key, one.value), {self._empty()}) {self._from_live_leases()})"

    def _count_live_leases(self) -> str:
        return f"(SELECT count(*) {self._from_live_leases()})"

    def _from_live_leases(self) -> str:
        each, value = ("json_each", "one.value") if self._is_sqlite else ("jsonb_each", _FLOAT.format("one.value"))
        return f"FROM {each}(rate_limits.leases) AS one WHERE {value} > excluded.moment"
