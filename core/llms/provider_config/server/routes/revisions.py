"""Revisions: what configurations, parameters and templates were, as answers have it, and those of configurations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.revisions.service import Revision
from core.llms.provider_config.revisions.snapshots import config_name
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, OptionalIfMatch, answer, read_optional_if_match
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import ModelId, ProviderName, RevisionNumber
from core.llms.provider_config.server.pagination import Page, PageRequest, Paging, answer_page
from core.llms.provider_config.server.problems import FieldDifference
from core.llms.provider_config.server.shown import shown, shown_content, shown_value
from core.llms.provider_config.server.staleness import telling_changes

router: Final = APIRouter(prefix="/configurations/{provider}/{model_id}", tags=["revisions"], route_class=JsonRoute)


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


def render_revision(revision: Revision) -> RevisionResponse:
    """Return a revision as it is answered."""
    return RevisionResponse(
        name=revision.name,
        number=revision.number,
        action=revision.action,
        at=revision.at,
        actor=revision.actor,
        content=shown_content(revision.content),
    )


def before_of(paging: PageRequest) -> int | None:
    """Return the number that a page of revisions ends before."""
    after = paging.after(int)
    return None if after is None else -after[0]


def answer_revisions(request: Request, paging: PageRequest, found: list[Revision], name: str) -> Response:
    """Answer with a page of revisions, of which one more than fits was read. Raises `ConfigNotFoundError`."""
    if not found and paging.after(int) is None:
        raise ConfigNotFoundError(f"{name} has no revisions: there never was such a thing")
    page, following = paging.end(found, lambda revision: (-revision.number,))
    return answer_page(request, RevisionPage(items=[render_revision(one) for one in page], next=following))


@router.get("/revisions", response_model=RevisionPage, **declare(Operation.READ, problems=(304, 404)))
async def list_configuration_revisions(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    paging: Paging,
    service: Service,
    actor: Acting,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List what a configuration was, newest first, with its parameters and template; also one that was deleted."""
    found = await service.revisions.history(
        provider, model_id, limit=paging.limit + 1, before=before_of(paging), actor=actor
    )
    return answer_revisions(request, paging, found, config_name(provider, model_id))


@router.get("/revisions/{number}", response_model=RevisionResponse, **declare(Operation.READ, problems=(304, 404)))
async def get_configuration_revision(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    number: RevisionNumber,
    service: Service,
    actor: Acting,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Get what a configuration was at one version."""
    found = await service.revisions.history(provider, model_id, limit=1, before=number + 1, actor=actor)
    if not found or found[0].number != number:
        raise ConfigNotFoundError(f"{config_name(provider, model_id)} has no revision {number}")
    return answer(request, render_revision(found[0]))


@router.get(
    "/revisions/{number}/diff", response_model=RevisionDifference, **declare(Operation.READ, problems=(304, 404))
)
async def diff_configuration_revisions(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    number: RevisionNumber,
    service: Service,
    actor: Acting,
    to: Annotated[
        int | None, Query(ge=1, le=2**31 - 1, description="The other version, by default the newest.")
    ] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Tell what differs between one version of a configuration and another."""
    found = await service.revisions.diff(provider, model_id, number, to, actor=actor)
    changes = [
        FieldDifference(
            field=change.field,
            before=shown_value(change.field, change.before),
            after=shown_value(change.field, change.after),
        )
        for change in found
    ]
    return answer(request, RevisionDifference(older=number, newer=to, changes=changes))


@router.post(
    "/revisions/{number}/rollback",
    response_model=ProviderModelConfigResponse,
    **declare(Operation.UPDATE, Operation.CONNECT, Operation.REGISTER, problems=(404, 409, 412)),
)
async def roll_configuration_back(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    number: RevisionNumber,
    service: Service,
    actor: Acting,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Make a configuration, with its parameters and template, what it was, as a new version.

    Whether it is switched on stays as it is; one that was deleted comes back switched off. It needs what changing the
    fields that differ needs, and `register` where something has to be made anew.
    """

    async def read_version() -> int | None:
        config = await service.get_provider_model(provider, model_id, actor=actor)
        return None if config is None else config.version

    version = await read_optional_if_match(if_match).resolve(read_version)
    async with telling_changes(
        request, version, lambda known: service.revisions.diff(provider, model_id, known, actor=actor)
    ):
        config = await service.revisions.rollback(provider, model_id, number, expected_version=version, actor=actor)
    return answer(request, shown(config), version=config.version)
