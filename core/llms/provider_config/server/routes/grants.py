"""Grants: which roles an actor has, or must not have, and where."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict

from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.access.permissions import Grant
from core.llms.provider_config.access.roles import OPERATIONS, Role
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.schemas import Name
from core.llms.provider_config.server.authentication import Acting, Calling, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, answer
from core.llms.provider_config.server.examples import CREATE_GRANT
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import RowId, Wanted
from core.llms.provider_config.server.pagination import Page, Paging, answer_page
from core.llms.provider_config.tokens.schemas import ApiTokenResponse

router: Final = APIRouter(tags=["access"], route_class=JsonRoute)


class ScopeBody(BaseModel):
    """A part of what is stored, from wide to narrow. Null stands for all of a level."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    organisation: Name | None = None
    workspace: Name | None = None
    provider: Name | None = None
    model: Name | None = None


class GrantCreate(BaseModel):
    """A role to be given to an actor, or with `is_denial` the operations of one to be forbidden, within a scope."""

    model_config = ConfigDict(extra="forbid")

    subject: Name
    role: Role
    scope: ScopeBody = ScopeBody()
    is_denial: bool = False


class GrantResponse(BaseModel):
    """A grant, or a denial, as stored. A denial wins over every allowance."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    subject: str
    role: Role
    scope: ScopeBody
    is_denial: bool


class GrantPage(Page[GrantResponse]):
    """Grants, in the order in which they were made."""


class RoleResponse(BaseModel):
    """A role, and the operations that it allows."""

    role: Role
    operations: list[Operation]


class RolePage(Page[RoleResponse]):
    """All roles."""


class CallerResponse(BaseModel):
    """Who calls: the actor, the token, and what the actor was granted."""

    subject: str
    token: ApiTokenResponse
    grants: list[GrantResponse]


@router.get("/me", response_model=CallerResponse, **declare(problems=(304,)))
async def get_caller(
    request: Request, caller: Calling, service: Service, if_none_match: IfNoneMatch = None
) -> Response:
    """Tell whose the token is, and what it may do."""
    name = caller.actor.name
    grants = await service.access.list_grants(name, actor=caller.actor)
    return answer(request, CallerResponse(subject=name, token=caller.token, grants=[_render(one) for one in grants]))


@router.get("/roles", response_model=RolePage, **declare(problems=(304,)))
async def list_roles(request: Request, caller: Calling, if_none_match: IfNoneMatch = None) -> Response:
    """List the roles that can be granted, each with the operations that it allows."""
    roles = [RoleResponse(role=role, operations=sorted(allowed)) for role, allowed in OPERATIONS.items()]
    return answer_page(request, RolePage(items=roles))


@router.get("/grants", response_model=GrantPage, **declare(problems=(304,)))
async def list_grants(
    request: Request,
    paging: Paging,
    service: Service,
    actor: Acting,
    subject: Wanted = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the grants and denials that the actor may manage, and its own."""
    rows, following = paging.cut(await service.access.list_grants(subject, actor=actor), lambda grant: (grant.id,))
    return answer_page(request, GrantPage(items=[_render(one) for one in rows], next=following))


@router.post(
    "/grants",
    response_model=GrantResponse,
    status_code=201,
    **declare(Operation.MANAGE_ACCESS, same=GrantResponse, has_body=True),
)
async def create_grant(
    request: Request,
    wanted: Annotated[GrantCreate, Body(openapi_examples=CREATE_GRANT)],
    service: Service,
    actor: Acting,
) -> Response:
    """Give an actor a role, or forbid it: 201, and 200 where that is so already.

    It needs `manage_access` there, and every operation that the role has.
    """
    known = {grant.id for grant in await service.access.list_grants(wanted.subject, actor=actor)}
    scope = Scope(**wanted.scope.model_dump())
    add = service.access.deny if wanted.is_denial else service.access.grant
    grant = await add(wanted.subject, wanted.role, scope, actor=actor)
    location = f"{request.scope.get('root_path', '')}/v1/grants/{grant.id}"
    status = 200 if grant.id in known else 201
    return answer(request, _render(grant), status=status, location=location)


@router.get("/grants/{grant_id}", response_model=GrantResponse, **declare(problems=(304, 404)))
async def get_grant(
    request: Request, grant_id: RowId, service: Service, actor: Acting, if_none_match: IfNoneMatch = None
) -> Response:
    """Get a grant that the actor may manage, or that is its own."""
    for grant in await service.access.list_grants(actor=actor):
        if grant.id == grant_id:
            return answer(request, _render(grant))
    raise ConfigNotFoundError(f"there is no grant {grant_id}")


@router.delete("/grants/{grant_id}", status_code=204, **declare(Operation.MANAGE_ACCESS, problems=(404,)))
async def revoke_grant(grant_id: RowId, service: Service, actor: Acting) -> Response:
    """Take a grant, or a denial, back. It never changes, so that no `If-Match` is needed."""
    await service.access.revoke(grant_id, actor=actor)
    return Response(status_code=204)


def _render(grant: Grant) -> GrantResponse:
    return GrantResponse.model_validate(grant)
