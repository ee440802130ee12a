"""`NamedResource`: what the routes of parameters and of templates have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, TypeAlias

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.errors import ConfigExistsError, ConfigNotFoundError
from core.llms.provider_config.revisions.service import Revision
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import (
    Expected,
    OptionalIfMatch,
    answer,
    exists_already,
    read_if_match,
    read_if_new,
    read_optional_if_match,
)
from core.llms.provider_config.server.history import History, add_history_routes
from core.llms.provider_config.server.merging import merge
from core.llms.provider_config.server.names import RevisionNumber, RowName, segment
from core.llms.provider_config.server.pagination import Page, PageRequest, answer_page
from core.llms.provider_config.server.staleness import require_same, telling_changes

_MAP: Final = "extra_parameters"
ReadHistory: TypeAlias = Callable[..., Awaitable[list[Revision]]]
Restore: TypeAlias = Callable[..., Awaitable[Any]]


class Rows(Protocol):
    """The service of one table."""

    async def create(self, wanted: Any, *, must_be_new: bool = False, actor: Actor | str | None = None) -> Any: ...
    async def get(self, name: str, *, actor: Actor | str | None = None) -> Any: ...
    async def list_all(self, *, actor: Actor | str | None = None) -> Any: ...
    async def update(
        self, name: str, updates: Any, *, expected_version: int | None = None, actor: Actor | str | None = None
    ) -> Any: ...
    async def delete(
        self, name: str, *, expected_version: int | None = None, actor: Actor | str | None = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class NamedResource:
    """One request on rows of one table, for one actor.

    `read_history` and `restore` are the service's methods that read revisions and go back to one. `what` is what a row
    is called, `path` where they are.
    """

    request: Request
    rows: Rows
    read_history: ReadHistory
    restore: Restore
    actor: Actor
    what: str
    path: str

    async def page(self, paging: PageRequest, page: type[Page[Any]]) -> Response:
        """Answer with a page of the rows that the actor may see, by name."""
        rows, following = paging.cut(await self.rows.list_all(actor=self.actor), lambda row: (row.name,))
        return answer_page(self.request, page(items=rows, next=following))

    async def create(self, wanted: Any, if_none_match: str | None) -> Response:
        """Store a row: 201 where it is new, 200 where the same is stored."""
        must_be_new = read_if_new(if_none_match)
        status = 201
        try:
            row = await self.rows.create(wanted, must_be_new=True, actor=self.actor)
        except ConfigExistsError:
            if must_be_new:
                raise exists_already(f"{self.what} {wanted.name!r}") from None
            row = await self.rows.create(wanted, actor=self.actor)
            status = 200
        location = f"{self.request.scope.get('root_path', '')}{self.path}/{segment(row.name)}"
        return answer(self.request, row, version=row.version, status=status, location=location)

    async def get(self, name: str) -> Response:
        """Answer with a row."""
        row = await self._require(name)
        return answer(self.request, row, version=row.version)

    async def update(self, name: str, patch: BaseModel, if_match: str | None) -> Response:
        """Merge a patch into a row."""
        version = await self._read_version(name, read_if_match(if_match))
        async with telling_changes(self.request, version, self.history(name).changes):
            updates = {field: getattr(patch, field) for field in patch.model_fields_set}
            if _MAP in updates:
                row = await self._require(name)
                version = require_same(row.version, version)
                updates[_MAP] = merge(row.extra_parameters, updates[_MAP])
            row = await self.rows.update(name, updates, expected_version=version, actor=self.actor)
        return answer(self.request, row, version=row.version)

    async def delete(self, name: str, if_match: str | None) -> Response:
        """Delete a row."""
        version = await self._read_version(name, read_if_match(if_match))
        async with telling_changes(self.request, version, self.history(name).changes):
            await self.rows.delete(name, expected_version=version, actor=self.actor)
        return Response(status_code=204)

    async def roll_back(self, name: str, number: int, if_match: str | None) -> Response:
        """Make a row what it was, or make it anew."""
        version = await self._read_version(name, read_optional_if_match(if_match))
        async with telling_changes(self.request, version, self.history(name).changes):
            row = await self.restore(name, number, expected_version=version, actor=self.actor)
        return answer(self.request, row, version=row.version)

    def history(self, name: str) -> History:
        """Return what a row was."""
        return History(self.request, f"{self.what} {name!r}", partial(self.read_history, name, actor=self.actor))

    async def _require(self, name: str) -> Any:
        row = await self.rows.get(name, actor=self.actor)
        if row is None:
            raise ConfigNotFoundError(f"no {self.what} is called {name!r}")
        return row

    async def _read_version(self, name: str, expected: Expected) -> int | None:
        async def read() -> int | None:
            row = await self.rows.get(name, actor=self.actor)
            return None if row is None else int(row.version)

        return await expected.resolve(read)


def add_row_history_routes(
    router: APIRouter, find: Callable[..., NamedResource], thing: str, row: type[BaseModel]
) -> None:
    """Add the routes on what rows were, and the way back. `find` is the dependency that makes the resource."""
    found = Depends(find)

    def find_history(name: RowName, resource: NamedResource = found) -> History:
        return resource.history(name)

    add_history_routes(router, "/{name}", find_history, thing)

    @router.post(
        "/{name}/revisions/{number}/rollback",
        name=f"roll_{thing}_back",
        response_model=row,
        **declare(Operation.UPDATE, Operation.REGISTER, problems=(404, 409, 412)),
    )
    async def roll_back(
        name: RowName, number: RevisionNumber, resource: NamedResource = found, if_match: OptionalIfMatch = None
    ) -> Response:
        """Make it what it was, as a new version, for every configuration that uses it.

        What was deleted comes back, which needs `register`.
        """
        return await resource.roll_back(name, number, if_match)
