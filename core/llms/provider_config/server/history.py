"""`History`: what one thing was, which is asked for alike of configurations, of parameters and of templates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.revisions.differences import FieldChange, compare
from core.llms.provider_config.revisions.service import Revision
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.differences import FieldDifference, render_differences
from core.llms.provider_config.server.etags import IfNoneMatch, answer
from core.llms.provider_config.server.names import LARGEST_NUMBER, RevisionNumber
from core.llms.provider_config.server.pagination import Page, PageRequest, Paging, answer_page
from core.llms.provider_config.server.shown import shown_content


class RevisionResponse(BaseModel):
    """What a thing was at one version, who made it that, and by which action; `content` is null once deleted."""

    name: str
    number: int
    action: str
    at: datetime
    actor: str
    content: dict[str, Any] | None


class RevisionPage(Page[RevisionResponse]):
    """Revisions, newest first."""


class RevisionDifference(BaseModel):
    """What differs between two revisions. `newer` is null where it is the newest."""

    older: int
    newer: int | None
    changes: list[FieldDifference]


class ReadRevisions(Protocol):
    """What reads the revisions of one thing, newest first, for one actor."""

    def __call__(self, *, limit: int, before: int | None = None) -> Awaitable[list[Revision]]: ...


@dataclass(frozen=True, slots=True)
class History:
    """One request on what a thing was. `name` is what the thing is called."""

    request: Request
    name: str
    read: ReadRevisions

    async def page(self, paging: PageRequest) -> Response:
        """Answer with a page of revisions. Raises `ConfigNotFoundError` where there never was such a thing."""
        after = paging.after(int)
        found = await self.read(limit=paging.limit + 1, before=None if after is None else -after[0])
        if not found and after is None:
            raise self._never_was()
        page, following = paging.end(found, lambda revision: (-revision.number,))
        return answer_page(self.request, RevisionPage(items=[_render(one) for one in page], next=following))

    async def get(self, number: int) -> Response:
        """Answer with one revision."""
        return answer(self.request, _render(await self._at(number)))

    async def diff(self, older: int, newer: int | None) -> Response:
        """Answer with what differs between two revisions."""
        changes = render_differences(await self.changes(older, newer))
        return answer(self.request, RevisionDifference(older=older, newer=newer, changes=changes))

    async def changes(self, older: int, newer: int | None = None) -> tuple[FieldChange, ...]:
        """Return what differs between two revisions, or one and the newest. Raises `ConfigNotFoundError`."""
        then, now = await self._at(older), await (self._newest() if newer is None else self._at(newer))
        return compare(then.content, now.content)

    async def _at(self, number: int) -> Revision:
        found = await self.read(limit=1, before=number + 1)
        if not found or found[0].number != number:
            raise ConfigNotFoundError(f"{self.name} has no revision {number}")
        return found[0]

    async def _newest(self) -> Revision:
        found = await self.read(limit=1)
        if not found:
            raise self._never_was()
        return found[0]

    def _never_was(self) -> ConfigNotFoundError:
        return ConfigNotFoundError(f"{self.name} has no revisions: there never was such a thing")


def add_history_routes(router: APIRouter, path: str, find: Callable[..., History], thing: str) -> None:
    """Add the routes that read a history below `path`. `find` is the dependency that makes it, `thing` names them."""
    found = Depends(find)

    @router.get(
        f"{path}/revisions",
        name=f"list_{thing}_revisions",
        response_model=RevisionPage,
        **declare(Operation.READ, problems=(304, 404)),
    )
    async def list_revisions(paging: Paging, history: History = found, if_none_match: IfNoneMatch = None) -> Response:
        """List what it was, newest first, also where it was deleted."""
        return await history.page(paging)

    @router.get(
        f"{path}/revisions/{{number}}",
        name=f"get_{thing}_revision",
        response_model=RevisionResponse,
        **declare(Operation.READ, problems=(304, 404)),
    )
    async def get_revision(
        number: RevisionNumber, history: History = found, if_none_match: IfNoneMatch = None
    ) -> Response:
        """Get what it was at one version."""
        return await history.get(number)

    @router.get(
        f"{path}/revisions/{{number}}/diff",
        name=f"diff_{thing}_revisions",
        response_model=RevisionDifference,
        **declare(Operation.READ, problems=(304, 404)),
    )
    async def diff_revisions(
        number: RevisionNumber,
        to: Annotated[
            int | None, Query(ge=1, le=LARGEST_NUMBER, description="The other version, by default the newest.")
        ] = None,
        history: History = found,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """Tell what differs between one version of it and another."""
        return await history.diff(number, to)


def _render(revision: Revision) -> RevisionResponse:
    return RevisionResponse(
        name=revision.name,
        number=revision.number,
        action=revision.action,
        at=revision.at,
        actor=revision.actor,
        content=shown_content(revision.content),
    )
