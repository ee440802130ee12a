"""API tokens. A token itself is answered once, when it is made."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Body, Path, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.schemas import Name
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, answer
from core.llms.provider_config.server.examples import CREATE_TOKEN
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import Wanted
from core.llms.provider_config.server.pagination import Page, Paging, answer_page
from core.llms.provider_config.tokens.schemas import ApiTokenResponse

router: Final = APIRouter(prefix="/tokens", tags=["tokens"], route_class=JsonRoute)
_TokenId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="What stands between the two `_` of a token.")]


class TokenCreate(BaseModel):
    """A token to be made: for which actor, and until when; null is without end."""

    model_config = ConfigDict(extra="forbid")

    subject: Name
    description: Annotated[str, Field(max_length=1_000)] | None = None
    expires_at: AwareDatetime | None = None


class TokenCreated(ApiTokenResponse):
    """A token that was just made. `token` is what it is used by, and cannot be had again."""

    token: str


class TokenPage(Page[ApiTokenResponse]):
    """Tokens, by when they were made."""


@router.get("", response_model=TokenPage, **declare(problems=(304,)))
async def list_tokens(
    request: Request,
    paging: Paging,
    service: Service,
    actor: Acting,
    subject: Wanted = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the tokens that the actor may see: its own, or with `manage_access` of everything all."""
    found = await service.tokens.list_tokens(subject, actor=actor)
    page, following = paging.cut(found, lambda token: (token.created_at.isoformat(timespec="microseconds"), token.id))
    return answer_page(request, TokenPage(items=page, next=following))


@router.post("", response_model=TokenCreated, status_code=201, **declare(Operation.MANAGE_ACCESS, has_body=True))
async def create_token(
    request: Request,
    wanted: Annotated[TokenCreate, Body(openapi_examples=CREATE_TOKEN)],
    service: Service,
    actor: Acting,
) -> Response:
    """Make a token for an actor. It needs `manage_access` of everything, and all that the actor itself may do."""
    made = await service.tokens.create(
        wanted.subject, description=wanted.description, expires_at=wanted.expires_at, actor=actor
    )
    content = TokenCreated(**made.token.model_dump(), token=made.text.get_secret_value())
    location = f"{request.scope.get('root_path', '')}/v1/tokens/{made.token.id}"
    return answer(request, content, status=201, location=location)


@router.get("/{token_id}", response_model=ApiTokenResponse, **declare(problems=(304, 404)))
async def get_token(
    request: Request, token_id: _TokenId, service: Service, actor: Acting, if_none_match: IfNoneMatch = None
) -> Response:
    """Get what is known of a token that the actor may see."""
    for token in await service.tokens.list_tokens(actor=actor):
        if token.id == token_id:
            return answer(request, token)
    raise ConfigNotFoundError(f"there is no token {token_id!r}")


@router.delete("/{token_id}", status_code=204, **declare(Operation.MANAGE_ACCESS, problems=(404,)))
async def revoke_token(token_id: _TokenId, service: Service, actor: Acting) -> Response:
    """Make a token useless, at once and for ever. One's own needs no operation."""
    await service.tokens.revoke(token_id, actor=actor)
    return Response(status_code=204)
