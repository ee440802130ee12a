"""`UsageStatistics`: what calls consumed, by provider, model, actor and day, for those who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any, Final

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import EVERYTHING, Operation, Scope
from core.llms.provider_config.called_models import find_called_model
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.recording import Reading
from core.llms.provider_config.revisions.snapshots import scope_of
from core.llms.provider_config.unit_of_work import UnitOfWork
from core.llms.storage.usage_sums import USAGE_GROUPS, UsageQuery, list_used_models, sum_usage
from core.llms.types.usage_totals import UsageTotals

# Who made a call is its context's `user_id`.
_STORED: Final = {"actor": "user_id"}
_GROUPS: Final = tuple("actor" if name == "user_id" else name for name in USAGE_GROUPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """What the calls of one group consumed, in `totals`. What it is not grouped by is None; what a call did not have,
    an actor or an alias, is an empty text. `hour`, `day` and `month`, as in 2026-11, are those of UTC.
    """

    totals: UsageTotals
    provider: str | None = None
    model: str | None = None
    operation: str | None = None
    alias: str | None = None
    actor: str | None = None
    tag: str | None = None
    hour: datetime | None = None
    day: date | None = None
    month: str | None = None


class UsageStatistics:
    """Reads what every process recorded by `UsageRecorder` in the same database.

    An actor sees the usage of configured models where it may `read_usage` of the configuration, and that of other
    models where it may for no workspace in particular.
    """

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def summarize(
        self,
        *,
        since: datetime | date | None = None,
        until: datetime | date | None = None,
        group_by: Sequence[str] = ("provider", "model", "actor", "day"),
        provider: str | None = None,
        model: str | None = None,
        alias: str | None = None,
        by: str | None = None,
        actor: Actor | str | None = None,
    ) -> list[UsageRow]:
        """Add up the usage of hours from `since` on and before `until`: a row for each group, ordered as `group_by` is.

        `group_by` has some of provider, model, operation, alias, actor, tag, hour, day and month; without any there is
        one row. A call with several tags counts with each. `by` is who made the calls, their `user_id`. Moments have a
        zone; a date is its beginning in UTC.

        Raises `ConfigValidationError`, `StorageError`, and `AccessDeniedError` where the actor may see nothing of it.
        """
        named = {"provider": provider, "model": model, "alias": alias, "user_id": by}
        query = UsageQuery(
            group_by=_read_groups(group_by),
            since=_read_moment("since", since),
            until=_read_moment("until", until),
            names={name: value for name, value in named.items() if value is not None},
        )
        async with self._work.reading(actor) as reading:
            sums = await sum_usage(reading.session, await _restrict(reading, query))
        return [_build_row(query.group_by, texts, totals) for texts, totals in sums]


async def _restrict(reading: Reading, query: UsageQuery) -> UsageQuery:
    """Leave out the models that the actor may not see. Raises `AccessDeniedError` where that are all."""
    if reading.permissions.may(Operation.READ_USAGE, EVERYTHING):
        return query
    owners: dict[tuple[str, str], Scope] = {}
    for row in await reading.repository.list_configs():
        called = find_called_model(row.provider_name, row.model_id).metadata.MODEL_ID
        owners.update(dict.fromkeys([(row.provider_name, row.model_id), (row.provider_name, called)], scope_of(row)))
    used = await list_used_models(reading.session, query)
    seen = [
        pair
        for pair in used
        if reading.permissions.may(Operation.READ_USAGE, owners.get(pair, Scope(None, None, *pair)))
    ]
    if used and not seen:
        named = Scope(provider=query.names.get("provider"), model=query.names.get("model"))
        reading.permissions.require(Operation.READ_USAGE, named, is_named=True)
    return replace(query, models=seen)


def _read_groups(group_by: Sequence[str]) -> tuple[str, ...]:
    names = (group_by,) if isinstance(group_by, str) else tuple(group_by)
    for name in names:
        if name not in _GROUPS:
            close = get_close_matches(str(name), _GROUPS, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            problem = f"`group_by`: {name!r} is none of {', '.join(_GROUPS)}{hint}"
            raise ConfigValidationError({"group_by": problem})
    return tuple(dict.fromkeys(_STORED.get(name, name) for name in names))


def _read_moment(field: str, moment: datetime | date | None) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), UTC)
    if moment.tzinfo is None:
        raise ConfigValidationError({field: f"`{field}`: a moment without a time zone is ambiguous: {moment!r}"})
    return moment


def _build_row(group_by: Sequence[str], texts: Sequence[str], totals: UsageTotals) -> UsageRow:
    facts: dict[str, Any] = dict(zip(group_by, texts, strict=True))
    if "user_id" in facts:
        facts["actor"] = facts.pop("user_id")
    if "hour" in facts:
        facts["hour"] = datetime.fromisoformat(facts["hour"]).replace(tzinfo=UTC)
    if "day" in facts:
        facts["day"] = date.fromisoformat(facts["day"])
    return UsageRow(totals=totals, **facts)
