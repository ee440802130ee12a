"""Configurations: which models a team uses, with which parameters and templates."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Body, Query, Request, Response

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.errors import ConfigExistsError
from core.llms.provider_config.registration import not_found
from core.llms.provider_config.schemas import ProviderModelConfigResponse, VerificationStatus
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import (
    Expected,
    IfMatch,
    IfNew,
    IfNoneMatch,
    answer,
    exists_already,
    read_if_match,
    read_if_new,
)
from core.llms.provider_config.server.examples import PATCH_CONFIGURATION, REGISTER_CONFIGURATION
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import ModelId, ProviderName, Wanted, segment
from core.llms.provider_config.server.pagination import Page, Paging, answer_page
from core.llms.provider_config.server.routes.configuration_bodies import (
    ConfigurationPatch,
    ConfigurationRegister,
    merge_maps,
    read_arguments,
    split_patch,
)
from core.llms.provider_config.server.shown import shown
from core.llms.provider_config.server.staleness import require_same, telling_changes
from core.llms.provider_config.service import ProviderConfigService

router: Final = APIRouter(prefix="/configurations", tags=["configurations"], route_class=JsonRoute)
ONE: Final = "/{provider}/{model_id}"


class ConfigurationPage(Page[ProviderModelConfigResponse]):
    """Configurations, by provider and model."""


@router.get("", response_model=ConfigurationPage, **declare(Operation.READ, problems=(304,)))
async def list_configurations(
    request: Request,
    paging: Paging,
    service: Service,
    actor: Acting,
    provider: Wanted = None,
    model_id: Wanted = None,
    alias: Wanted = None,
    organisation: Wanted = None,
    workspace: Wanted = None,
    is_active: Annotated[bool | None, Query()] = None,
    verification_status: Annotated[VerificationStatus | None, Query()] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the configurations that the actor may see, by provider and model."""
    named = {
        "model_id": model_id,
        "alias": alias,
        "organisation": organisation,
        "workspace": workspace,
        "is_active": is_active,
        "verification_status": verification_status,
    }
    wanted = {name: value for name, value in named.items() if value is not None}
    found = (await service.list_providers(provider=provider, actor=actor)).providers
    rows = [config for config in found if all(getattr(config, name) == value for name, value in wanted.items())]
    page, following = paging.cut(rows, lambda config: (config.provider_name, config.model_id))
    return answer_page(request, ConfigurationPage(items=[shown(config) for config in page], next=following))


@router.post(
    "",
    response_model=ProviderModelConfigResponse,
    status_code=201,
    **declare(
        Operation.REGISTER,
        Operation.CONNECT,
        same=ProviderModelConfigResponse,
        problems=(404, 409, 412, 424),
        has_body=True,
    ),
)
async def register_configuration(
    request: Request,
    wanted: Annotated[ConfigurationRegister, Body(openapi_examples=REGISTER_CONFIGURATION)],
    service: Service,
    actor: Acting,
    if_none_match: IfNew = None,
) -> Response:
    """Store a model with its parameters and template, verify it, and switch it on.

    201 where it is new, 200 where the same is registered already, 409 where something else is. What fails to verify
    stays stored, and off: 424. Fields that say where calls go need `connect`, too.
    """
    must_be_new = read_if_new(if_none_match)
    arguments = await read_arguments(wanted, service, actor)
    status = 201
    try:
        config = await service.register_provider_model(**arguments, must_be_new=True, actor=actor)
    except ConfigExistsError:
        stored = await service.get_provider_model(wanted.provider_name, wanted.model_id, actor=actor)
        if must_be_new and stored is not None:
            raise exists_already(f"{wanted.provider_name}/{wanted.model_id}") from None
        config = await service.register_provider_model(**arguments, actor=actor)
        status = 200
    return answer(request, shown(config), version=config.version, status=status, location=address_of(request, config))


@router.get(ONE, response_model=ProviderModelConfigResponse, **declare(Operation.READ, problems=(304, 404)))
async def get_configuration(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    service: Service,
    actor: Acting,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Get a configuration, with its parameters and template."""
    config = await _require(service, provider, model_id, actor)
    return answer(request, shown(config), version=config.version)


@router.patch(
    ONE,
    response_model=ProviderModelConfigResponse,
    **declare(Operation.UPDATE, Operation.CONNECT, Operation.ACTIVATE, problems=(404, 409, 412, 428), has_body=True),
)
async def update_configuration(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    patch: Annotated[
        ConfigurationPatch, Body(media_type="application/merge-patch+json", openapi_examples=PATCH_CONFIGURATION)
    ],
    service: Service,
    actor: Acting,
    if_match: IfMatch = None,
) -> Response:
    """Change what is given, all or nothing.

    `is_active` needs `activate`, what says where calls go `connect`, and everything else `update`.
    """
    version = await read_version(read_if_match(if_match), service, provider, model_id, actor)
    async with telling_changes(
        request, version, lambda known: service.revisions.diff(provider, model_id, known, actor=actor)
    ):
        updates, parameters, template = split_patch(patch)
        if "settings" in updates or "extra_parameters" in parameters:
            config = await _require(service, provider, model_id, actor)
            version = require_same(config.version, version)
            merge_maps(config, updates, parameters)
        config = await service.update_provider_model(
            provider,
            model_id,
            updates,
            parameters=parameters,
            prompt_template=template,
            expected_version=version,
            actor=actor,
        )
    return answer(request, shown(config), version=config.version)


@router.delete(ONE, status_code=204, **declare(Operation.DELETE, problems=(404, 412, 428)))
async def delete_configuration(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    service: Service,
    actor: Acting,
    with_own_rows: Annotated[
        bool,
        Query(
            description="Delete parameters and template, too, that have its name, `provider/model`, and no other user."
        ),
    ] = False,
    if_match: IfMatch = None,
) -> Response:
    """Delete a configuration; its parameters, its template and its history stay."""
    version = await read_version(read_if_match(if_match), service, provider, model_id, actor)
    async with telling_changes(
        request, version, lambda known: service.revisions.diff(provider, model_id, known, actor=actor)
    ):
        await service.delete_provider_model(
            provider, model_id, with_own_rows=with_own_rows, expected_version=version, actor=actor
        )
    return Response(status_code=204)


@router.post(
    f"{ONE}/verify", response_model=ProviderModelConfigResponse, **declare(Operation.VERIFY, problems=(404, 424))
)
async def verify_configuration(
    request: Request, provider: ProviderName, model_id: ModelId, service: Service, actor: Acting
) -> Response:
    """Ask the provider whether it answers for a configuration, for at most 16 tokens, and store the outcome."""
    config = await service.verify_provider_model(provider, model_id, actor=actor)
    return answer(request, shown(config), version=config.version)


async def _require(
    service: ProviderConfigService, provider: str, model_id: str, actor: Actor
) -> ProviderModelConfigResponse:
    config = await service.get_provider_model(provider, model_id, actor=actor)
    if config is None:
        raise not_found(provider, model_id)
    return config


async def read_version(
    expected: Expected, service: ProviderConfigService, provider: str, model_id: str, actor: Actor
) -> int | None:
    """Return the version that a request means, None for any. Raises `ConfigNotFoundError`."""

    async def read() -> int:
        return (await _require(service, provider, model_id, actor)).version

    return await expected.resolve(read)


def address_of(request: Request, config: ProviderModelConfigResponse) -> str:
    """Return where a configuration is."""
    names = "/".join(segment(name) for name in (config.provider_name, config.model_id))
    return f"{request.scope.get('root_path', '')}/v1/configurations/{names}"
