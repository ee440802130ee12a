"""Migrations: another model of the provider, or another version of its API, planned first and then done."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.schema_base import Name, Schema
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfMatch, answer, read_if_match
from core.llms.provider_config.server.examples import PLAN_MIGRATION
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import ModelId, ProviderName
from core.llms.provider_config.server.routes.configurations import address_of, read_version
from core.llms.provider_config.server.shown import shown
from core.llms.provider_config.server.staleness import require_same, telling_changes

router: Final = APIRouter(
    prefix="/configurations/{provider}/{model_id}/migration", tags=["migrations"], route_class=JsonRoute
)


class MigrationWanted(Schema):
    """Where to. Without a model and a version, the model is meant that the vendor names instead of a retired one.

    `decisions` are values to take instead of the stored ones, by the parameters' names, null for none.
    """

    to_model: Name | None = None
    to_version: Name | None = None
    decisions: dict[str, Any] = Field(default_factory=dict)


class MigrationApply(MigrationWanted):
    """The same, and whether the provider is asked first whether it answers for the new model."""

    verify: bool = True


class MigrationStepResponse(BaseModel):
    """What becomes of one parameter. An `undecided` one needs a decision; `choices` has some that would do."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    field: str
    fate: Literal["kept", "renamed", "clamped", "dropped", "decided", "undecided"]
    before: Any
    after: Any
    reason: str
    choices: list[dict[str, Any]]


class MigrationPlanResponse(BaseModel):
    """What a migration does to a configuration at `config_version`. `notes` say what else will differ."""

    model_config = ConfigDict(from_attributes=True)

    provider: str
    from_model: str
    to_model: str
    from_version: str | None
    to_version: str | None
    config_version: int
    steps: list[MigrationStepResponse]
    notes: list[str]


@router.post("/plan", response_model=MigrationPlanResponse, **declare(Operation.READ, problems=(404,), has_body=True))
async def plan_migration(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    wanted: Annotated[MigrationWanted, Body(openapi_examples=PLAN_MIGRATION)],
    service: Service,
    actor: Acting,
) -> Response:
    """Tell what becomes of each parameter with another model, or another version of the API. Nothing is changed.

    The ETag is for `If-Match` of the request that does it.
    """
    plan = await service.plan_migration(provider, model_id, **wanted.model_dump(), actor=actor)
    return answer(request, MigrationPlanResponse.model_validate(plan), version=plan.config_version)


@router.post(
    "/apply",
    response_model=ProviderModelConfigResponse,
    **declare(
        Operation.UPDATE, Operation.REGISTER, Operation.VERIFY, problems=(404, 409, 412, 424, 428), has_body=True
    ),
)
async def apply_migration(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    wanted: Annotated[MigrationApply, Body(openapi_examples=PLAN_MIGRATION)],
    service: Service,
    actor: Acting,
    if_match: IfMatch = None,
) -> Response:
    """Do what the plan says, all or nothing; `Location` is where the configuration is then.

    A parameter that is undecided is 422. Before it, the provider is asked: 424 where it does not answer for the new
    model, and nothing has changed. Another model needs `register` for it, too, and asking needs `verify`.
    """
    version = await read_version(read_if_match(if_match), service, provider, model_id, actor)
    async with telling_changes(
        request, version, lambda known: service.revisions.diff(provider, model_id, known, actor=actor)
    ):
        plan = await service.plan_migration(provider, model_id, **wanted.model_dump(exclude={"verify"}), actor=actor)
        require_same(plan.config_version, version)
        config = await service.migrate_provider_model(plan, verify=wanted.verify, actor=actor)
    return answer(request, shown(config), version=config.version, location=address_of(request, config))
