"""Who calls: the actor whose API token a request has. What it may do is the service's to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.errors import TokenRefusedError
from core.llms.provider_config.server.problems import KINDS, TOO_MANY_FAILURES, Refusal
from core.llms.provider_config.server.throttle import LoginThrottle
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.tokens.schemas import ApiTokenResponse
from core.llms.provider_config.tokens.token_text import TokenText
from core.llms.types.secrets import Secret

SUBJECT: Final = "core_llms.subject"
_SCHEME: Final = "bearer "


class _BearerToken(SecurityBase):
    """Finds the token of a request: `Authorization: Bearer cllm_…`."""

    def __init__(self) -> None:
        self.model = HTTPBearer(description="A token that `core-llms providers token create` made.")
        self.scheme_name = "ApiToken"

    async def __call__(self, request: Request) -> Secret | None:
        header = Secret(request.headers.get("authorization", ""))
        if not header.get_secret_value().lower().startswith(_SCHEME):
            return None
        return Secret(header.get_secret_value()[len(_SCHEME) :].strip())


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor of a request, who is trusted with nothing but its grants, and its token."""

    actor: Actor
    token: ApiTokenResponse


def get_service(request: Request) -> ProviderConfigService:
    """Return the service that the application is over."""
    service: ProviderConfigService = request.app.state.service
    return service


Service: TypeAlias = Annotated[ProviderConfigService, Depends(get_service)]


async def authenticate(
    request: Request, service: Service, given: Annotated[Secret | None, Security(_BearerToken())]
) -> Caller:
    """Return who calls. Raises `Refusal`, and `TokenRefusedError`."""
    if given is None:
        raise Refusal(
            KINDS[TokenRefusedError],
            "send Authorization: Bearer with an API token",
            headers={"WWW-Authenticate": 'Bearer realm="core-llms"'},
        )
    throttle: LoginThrottle = request.app.state.throttle
    address = request.client.host if request.client is not None else ""
    read = TokenText.parse(given)
    digest = None if read is None else read.digest()
    if wait := throttle.wait_seconds(address, digest):
        raise Refusal(
            TOO_MANY_FAILURES, f"try again in {wait} seconds, with a token", headers={"Retry-After": str(wait)}
        )
    try:
        token = await service.tokens.authenticate(given)
    except TokenRefusedError:
        throttle.note_failure(address, digest)
        raise
    if digest is not None:
        throttle.note_success(digest)
    request.scope[SUBJECT] = token.subject
    return Caller(Actor(token.subject), token)


Calling: TypeAlias = Annotated[Caller, Depends(authenticate)]


async def find_actor(caller: Calling) -> Actor:
    """Return on whose behalf a request is."""
    return caller.actor


Acting: TypeAlias = Annotated[Actor, Depends(find_actor)]
