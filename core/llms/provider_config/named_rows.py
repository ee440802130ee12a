"""Parameters and templates by themselves: both are rows under a name, kept by the same few methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE, Operation, Scope
from core.llms.provider_config.changes import read_updates, require_version
from core.llms.provider_config.errors import ConfigExistsError, ConfigInUseError, ConfigNotFoundError
from core.llms.provider_config.models import LLMParameters, PromptTemplate
from core.llms.provider_config.recording import Change
from core.llms.provider_config.revisions.snapshots import name_of, scope_of
from core.llms.provider_config.shared_access import may_read_shared, require_read_shared, require_update_shared
from core.llms.provider_config.shared_rows import find_or_add, require_fitting, set_fields, wanted_fields
from core.llms.provider_config.unit_of_work import UnitOfWork

RowT = TypeVar("RowT", LLMParameters, PromptTemplate)
CreateT = TypeVar("CreateT", bound=BaseModel)
UpdateT = TypeVar("UpdateT", bound=BaseModel)
ResponseT = TypeVar("ResponseT", bound=BaseModel)


class NamedRows(Generic[RowT, CreateT, UpdateT, ResponseT]):
    """Rows of one table, found by name. `actor` is on whose behalf; without one the service's.

    Every method raises `StorageError` where the database fails, and `AccessDeniedError`.
    """

    def __init__(
        self, work: UnitOfWork, table: type[RowT], update: type[UpdateT], response: type[ResponseT], what: str
    ) -> None:
        self._work = work
        self._table: type[RowT] = table
        self._update = update
        self._response = response
        self._what = what

    async def create(
        self, wanted: CreateT, *, must_be_new: bool = False, actor: Actor | str | None = None
    ) -> ResponseT:
        """Store a row. The same again changes nothing. Raises `ConfigExistsError` for other values under the name.

        With `must_be_new` it is raised for the same again, too.
        """
        owned = wanted_fields(wanted)
        scope = Scope(owned.get("organisation", DEFAULT_ORGANISATION), owned.get("workspace", DEFAULT_WORKSPACE))
        async with self._work.changing(actor, "create") as change:
            change.permissions.require(Operation.REGISTER, scope, is_named=True)
            row = await find_or_add(change, self._table, wanted, scope, must_be_new=must_be_new)
            await change.save()
            return self._respond(row)

    async def get(self, name: str, *, actor: Actor | str | None = None) -> ResponseT | None:
        """Return a row, or None where none has the name."""
        async with self._work.reading(actor) as reading:
            row = await reading.repository.find_named(self._table, name)
            if row is None:
                return None
            await require_read_shared(reading, row)
            return self._respond(row)

    async def list_all(self, *, actor: Actor | str | None = None) -> list[ResponseT]:
        """Return all rows that the actor may see, by name."""
        async with self._work.reading(actor) as reading:
            rows = await reading.repository.list_named(self._table)
            return [self._respond(row) for row in rows if await may_read_shared(reading, row)]

    async def update(
        self,
        name: str,
        updates: UpdateT | Mapping[str, Any],
        *,
        expected_version: int | None = None,
        actor: Actor | str | None = None,
    ) -> ResponseT:
        """Change the fields that are given, for every configuration that uses the row, and return it.

        Raises `ConfigNotFoundError`, `ConfigValidationError` where a model that uses it would refuse a value, and
        `StaleConfigError` where `expected_version` is not the row's any more.
        """
        changed = read_updates(self._update, updates)
        async with self._work.changing(actor, "update") as change:
            row = await self._require(change, name)
            await require_update_shared(change, row)
            require_version(row, expected_version, changed, self._what)
            if "name" in changed and changed["name"] != name:
                await self._require_free(change, changed["name"])
            if await set_fields(change, row, changed):
                await require_fitting(change, row)
            await change.save()
            return self._respond(row)

    async def delete(self, name: str, *, expected_version: int | None = None, actor: Actor | str | None = None) -> None:
        """Delete a row. Raises `ConfigNotFoundError`, `StaleConfigError`, and `ConfigInUseError` while it is used."""
        async with self._work.changing(actor, "delete") as change:
            row = await self._require(change, name)
            change.permissions.require(Operation.DELETE, scope_of(row))
            require_version(row, expected_version, {}, self._what)
            users = [name_of(user) for user in await change.repository.users_of(row)]
            if isinstance(row, LLMParameters):
                users += [f"the parameters {below.name!r}" for below in await change.repository.rows_below(row)]
            if users:
                raise ConfigInUseError(f"{self._what} {name!r} cannot be deleted: {', '.join(users)} use it")
            await change.delete(row)

    async def _require(self, change: Change, name: str) -> RowT:
        row = await change.repository.find_named(self._table, name)
        if row is None:
            raise ConfigNotFoundError(f"no {self._what} is called {name!r}")
        return row

    async def _require_free(self, change: Change, name: str) -> None:
        if await change.repository.find_named(self._table, name) is not None:
            raise ConfigExistsError(f"{self._what} {name!r} is there already; choose another name")

    def _respond(self, row: RowT) -> ResponseT:
        return self._response.model_validate(row)
