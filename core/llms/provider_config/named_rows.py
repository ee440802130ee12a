"""Parameters and templates by themselves: both are rows under a name, kept by the same few methods."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from core.llms.provider_config.changes import describe_differences, differences
from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigInUseError,
    ConfigNotFoundError,
    ConfigValidationError,
    StaleConfigError,
)
from core.llms.provider_config.models import LLMParameters, PromptTemplate
from core.llms.provider_config.repository import ProviderConfigRepository

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

RowT = TypeVar("RowT", LLMParameters, PromptTemplate)
CreateT = TypeVar("CreateT", bound=BaseModel)
UpdateT = TypeVar("UpdateT", bound=BaseModel)
ResponseT = TypeVar("ResponseT", bound=BaseModel)


class Sessions(Protocol):
    """What gives sessions: a database, or what stands before one."""

    def reading(self) -> AbstractAsyncContextManager[AsyncSession]: ...

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]: ...


class NamedRows(Generic[RowT, CreateT, UpdateT, ResponseT]):
    """Rows of one table, found by name. Every method raises `StorageError` where the database fails."""

    def __init__(
        self, database: Sessions, table: type[RowT], update: type[UpdateT], response: type[ResponseT], what: str
    ) -> None:
        self._database = database
        self._table: type[RowT] = table
        self._update = update
        self._response = response
        self._what = what

    async def create(self, wanted: CreateT) -> ResponseT:
        """Store a row. The same again changes nothing. Raises `ConfigExistsError` for other values under the name."""
        async with self._database.transaction() as session:
            repository = ProviderConfigRepository(session)
            return self._respond(await find_or_add(repository, self._table, wanted))

    async def get(self, name: str) -> ResponseT | None:
        """Return a row, or None where none has the name."""
        async with self._database.reading() as session:
            row = await ProviderConfigRepository(session).find_named(self._table, name)
            return None if row is None else self._respond(row)

    async def list_all(self) -> list[ResponseT]:
        """Return all rows, by name."""
        async with self._database.reading() as session:
            return [self._respond(row) for row in await ProviderConfigRepository(session).list_named(self._table)]

    async def update(
        self, name: str, updates: UpdateT | Mapping[str, Any], *, expected_version: int | None = None
    ) -> ResponseT:
        """Change the fields that are given, for every configuration that uses the row, and return it.

        Raises `ConfigNotFoundError`, `ConfigValidationError`, and `StaleConfigError` where `expected_version` is not
        the row's any more.
        """
        changed = read_updates(self._update, updates)
        async with self._database.transaction() as session:
            repository = ProviderConfigRepository(session)
            row = await self._require(repository, name)
            require_version(row, expected_version, changed, self._what)
            if "name" in changed and changed["name"] != name:
                await self._require_free(repository, changed["name"])
            if apply_updates(row, changed):
                await repository.announce()
                await repository.reload(row)
            return self._respond(row)

    async def delete(self, name: str, *, expected_version: int | None = None) -> None:
        """Delete a row. Raises `ConfigNotFoundError`, `StaleConfigError`, and `ConfigInUseError` while it is used."""
        async with self._database.transaction() as session:
            repository = ProviderConfigRepository(session)
            row = await self._require(repository, name)
            require_version(row, expected_version, {}, self._what)
            users = [f"{user.provider_name}/{user.model_id}" for user in await repository.users_of(row)]
            if users:
                raise ConfigInUseError(f"{self._what} {name!r} cannot be deleted: {', '.join(users)} use it")
            await repository.delete(row)
            await repository.announce()

    async def _require(self, repository: ProviderConfigRepository, name: str) -> RowT:
        row = await repository.find_named(self._table, name, for_update=True)
        if row is None:
            raise ConfigNotFoundError(f"no {self._what} is called {name!r}")
        return row

    async def _require_free(self, repository: ProviderConfigRepository, name: str) -> None:
        if await repository.find_named(self._table, name) is not None:
            raise ConfigExistsError(f"{self._what} {name!r} is there already; choose another name")

    def _respond(self, row: RowT) -> ResponseT:
        return self._response.model_validate(row)


async def find_or_add(repository: ProviderConfigRepository, table: type[RowT], wanted: BaseModel) -> RowT:
    """Return the row that has these very values, or add it. Raises `ConfigExistsError` where its name has others."""
    fields = wanted.model_dump()
    stored = await repository.find_named(table, fields["name"], for_update=True)
    if stored is None:
        row = table(**fields)
        await repository.add(row)
        await repository.announce()
        return row
    if changes := differences(stored, fields):
        raise ConfigExistsError(
            f"{fields['name']!r} is stored with other values: {describe_differences(changes)}; update it by "
            f"`update`, or choose another name"
        )
    return stored


def read_updates(schema: type[BaseModel], updates: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Check changes and return the fields that were given. Raises `ConfigValidationError`."""
    if not isinstance(updates, BaseModel):
        try:
            updates = schema(**updates)
        except ValidationError as error:
            raise ConfigValidationError(describe_validation(error)) from error
    return {name: getattr(updates, name) for name in updates.model_fields_set}


def describe_validation(error: ValidationError) -> dict[str, str]:
    """Return what pydantic found, by field, with the value's problem in words."""
    problems = {}
    for found in error.errors(include_url=False, include_context=False):
        field = ".".join(map(str, found["loc"])) or "configuration"
        problems[field] = f"`{field}`: {found['msg']}"
    return problems


def require_version(row: Any, expected: int | None, changed: Mapping[str, Any], what: str) -> None:
    """Raise `StaleConfigError` where a row is not the version that was read."""
    if expected is not None and row.version != expected:
        changes = differences(row, changed)
        told = f": {describe_differences(changes)}" if changes else ""
        raise StaleConfigError(
            f"{what} was changed meanwhile: it is at version {row.version}, not {expected}{told}; read it again",
            changes,
        )


def apply_updates(row: Any, changed: Mapping[str, Any]) -> bool:
    """Set the fields that differ and raise the version; tell whether any did."""
    changes = differences(row, changed)
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    if changes:
        row.version += 1
    return bool(changes)
