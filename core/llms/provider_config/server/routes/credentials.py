"""Credentials: written, never read. What is answered has names and fingerprints, and no secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.credentials.schemas import CredentialResponse
from core.llms.provider_config.errors import ConfigExistsError, ConfigNotFoundError
from core.llms.provider_config.schemas import CredentialCreate
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import (
    IfMatch,
    IfNew,
    IfNoneMatch,
    answer,
    exists_already,
    read_if_match,
    read_if_new,
)
from core.llms.provider_config.server.examples import CREATE_CREDENTIAL
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import RowName, segment
from core.llms.provider_config.server.pagination import Page, Paging, answer_page
from core.llms.provider_config.service import ProviderConfigService

router: Final = APIRouter(tags=["credentials"], route_class=JsonRoute)
_Secrets = Annotated[dict[str, SecretStr], Field(description="Arguments of the provider's factory, as `api_key`.")]


class CredentialStore(CredentialCreate):
    """A credential to be stored, with its secrets."""

    secrets: _Secrets


class CredentialSecrets(BaseModel):
    """What replaces the secrets of a credential, all of them."""

    model_config = ConfigDict(extra="forbid")

    secrets: _Secrets


class CredentialPage(Page[CredentialResponse]):
    """Credentials, by name."""


class KeyRotation(BaseModel):
    """What a rotation did: how many credentials got the key, and which did not, each with the reason."""

    key_id: str
    rewrapped: int
    failures: Mapping[str, str]


class KeysInUse(BaseModel):
    """The ids of the encryption keys that credentials need, each with how many do."""

    keys: Mapping[str, int]


@router.get("/credentials", response_model=CredentialPage, **declare(Operation.READ_CREDENTIAL, problems=(304,)))
async def list_credentials(
    request: Request, paging: Paging, service: Service, actor: Acting, if_none_match: IfNoneMatch = None
) -> Response:
    """List the credentials that the actor may see, by name, without their secrets."""
    rows, following = paging.cut(await service.credentials.list_all(actor=actor), lambda row: (row.name,))
    return answer_page(request, CredentialPage(items=rows, next=following))


@router.post(
    "/credentials",
    response_model=CredentialResponse,
    status_code=201,
    **declare(Operation.MANAGE_CREDENTIAL, same=CredentialResponse, problems=(409, 412), has_body=True),
)
async def create_credential(
    request: Request,
    wanted: Annotated[CredentialStore, Body(openapi_examples=CREATE_CREDENTIAL)],
    service: Service,
    actor: Acting,
    if_none_match: IfNew = None,
) -> Response:
    """Store secrets: 201 where they are new, 200 where the same are stored, 409 where the name has others."""
    must_be_new = read_if_new(if_none_match)
    fields = wanted.model_dump(exclude={"secrets"})
    status = 201
    try:
        row = await service.credentials.create(**fields, secrets=wanted.secrets, must_be_new=True, actor=actor)
    except ConfigExistsError:
        if must_be_new:
            raise exists_already(f"credential {wanted.name!r}") from None
        row = await service.credentials.create(**fields, secrets=wanted.secrets, actor=actor)
        status = 200
    location = f"{request.scope.get('root_path', '')}/v1/credentials/{segment(row.name)}"
    return answer(request, row, version=row.version, status=status, location=location)


@router.get(
    "/credentials/{name}",
    response_model=CredentialResponse,
    **declare(Operation.READ_CREDENTIAL, problems=(304, 404)),
)
async def get_credential(
    request: Request, name: RowName, service: Service, actor: Acting, if_none_match: IfNoneMatch = None
) -> Response:
    """Get a credential, without its secrets. Equal fingerprints are of equal secrets."""
    row = await _require(service, name, actor)
    return answer(request, row, version=row.version)


@router.put(
    "/credentials/{name}/secrets",
    response_model=CredentialResponse,
    **declare(Operation.MANAGE_CREDENTIAL, problems=(404, 412, 428), has_body=True),
)
async def replace_credential_secrets(
    request: Request,
    name: RowName,
    wanted: CredentialSecrets,
    service: Service,
    actor: Acting,
    if_match: IfMatch = None,
) -> Response:
    """Store other secrets under the name; every process uses them within a second."""
    version = await _read_version(service, name, actor, if_match)
    row = await service.credentials.replace(name, wanted.secrets, expected_version=version, actor=actor)
    return answer(request, row, version=row.version)


@router.delete(
    "/credentials/{name}", status_code=204, **declare(Operation.MANAGE_CREDENTIAL, problems=(404, 409, 412, 428))
)
async def delete_credential(name: RowName, service: Service, actor: Acting, if_match: IfMatch = None) -> Response:
    """Delete a credential, unless a configuration uses it."""
    version = await _read_version(service, name, actor, if_match)
    await service.credentials.delete(name, expected_version=version, actor=actor)
    return Response(status_code=204)


@router.get("/encryption-keys", response_model=KeysInUse, **declare(Operation.READ_CREDENTIAL, problems=(304,)))
async def list_encryption_keys(
    request: Request, service: Service, actor: Acting, if_none_match: IfNoneMatch = None
) -> Response:
    """List the ids of the encryption keys that credentials need: any other may be removed."""
    return answer(request, KeysInUse(keys=await service.credentials.list_key_ids_in_use(actor=actor)))


@router.post("/encryption-keys/rotate", response_model=KeyRotation, **declare(Operation.ROTATE_KEYS))
async def rotate_encryption_keys(request: Request, service: Service, actor: Acting) -> Response:
    """Wrap the data key of every credential with the current encryption key; the secrets are not touched."""
    report = await service.credentials.rotate_keys(actor=actor)
    return answer(request, KeyRotation(key_id=report.key_id, rewrapped=report.rewrapped, failures=report.failures))


async def _require(service: ProviderConfigService, name: str, actor: Actor) -> CredentialResponse:
    row = await service.credentials.get(name, actor=actor)
    if row is None:
        raise ConfigNotFoundError(f"no credential is called {name!r}")
    return row


async def _read_version(service: ProviderConfigService, name: str, actor: Actor, if_match: str | None) -> int | None:
    async def read() -> int:
        return (await _require(service, name, actor)).version

    return await read_if_match(if_match).resolve(read)
