"""Health: how configurations stand, by checks and by live calls."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.server.authentication import Acting
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, answer
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import ModelId, ProviderName, Wanted
from core.llms.provider_config.server.pagination import LARGEST_LIMIT, Page, Paging, answer_page

router: Final = APIRouter(tags=["health"], route_class=JsonRoute)
ONE: Final = "/configurations/{provider}/{model_id}/health"


class MeasuredResponse(BaseModel):
    """How calls of one kind went within the window. `success_rate` is from 0 to 1, null where nothing tells it."""

    model_config = ConfigDict(from_attributes=True)

    calls: int
    failures: int
    busy: int
    success_rate: float | None


class HealthResponse(BaseModel):
    """How a configuration stands: by checks, and by live calls."""

    model_config = ConfigDict(from_attributes=True)

    provider_name: str
    model_id: str
    alias: str | None
    is_active: bool
    state: str
    failures_in_a_row: int
    checked_at: datetime | None
    succeeded_at: datetime | None
    error_class: str | None
    status: int | None
    message: str | None
    switched_off_at: datetime | None
    switched_off_reason: str | None
    checks: MeasuredResponse
    live: MeasuredResponse


class HealthPage(Page[HealthResponse]):
    """How configurations stand, by provider and model."""


class HealthCheckResponse(BaseModel):
    """One check (`active`), or the live calls of one minute that ended alike (`passive`)."""

    model_config = ConfigDict(from_attributes=True)

    provider_name: str
    model_id: str
    kind: str
    at: datetime
    outcome: str
    latency_seconds: float
    calls: int
    error_class: str | None
    status: int | None
    message: str | None


class HealthCheckMade(HealthCheckResponse):
    """A check that was just made. `switched` says whether the policy has switched the configuration off, or on again.

    A failure is an `outcome`, and no problem.
    """

    switched: Literal["off", "on"] | None


class HealthHistory(BaseModel):
    """What was found out, newest first."""

    items: list[HealthCheckResponse]


def _get_health(request: Request) -> HealthService:
    health: HealthService = request.app.state.health
    return health


_Health: TypeAlias = Annotated[HealthService, Depends(_get_health)]


@router.get("/health", response_model=HealthPage, **declare(Operation.READ, problems=(304,)))
async def list_health(
    request: Request,
    paging: Paging,
    health: _Health,
    actor: Acting,
    provider: Wanted = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Tell how the configurations stand that the actor may see."""
    found = await health.statuses(provider=provider, actor=actor)
    rows, following = paging.cut(found, lambda one: (one.provider_name, one.model_id))
    return answer_page(request, HealthPage(items=[HealthResponse.model_validate(one) for one in rows], next=following))


@router.get(ONE, response_model=HealthResponse, **declare(Operation.READ, problems=(304, 404)))
async def get_configuration_health(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    health: _Health,
    actor: Acting,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Tell how a configuration stands."""
    found = await health.status(provider, model_id, actor=actor)
    return answer(request, HealthResponse.model_validate(found))


@router.get(f"{ONE}/checks", response_model=HealthHistory, **declare(Operation.READ, problems=(304, 404)))
async def list_configuration_health_checks(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    health: _Health,
    actor: Acting,
    limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="How many at most.")] = 50,
    since: Annotated[AwareDatetime | None, Query(description="From this moment on.")] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List what was found out of a configuration, newest first."""
    found = await health.history(provider, model_id, limit=limit, since=since, actor=actor)
    return answer(request, HealthHistory(items=[HealthCheckResponse.model_validate(one) for one in found]))


@router.post(
    f"{ONE}/checks", response_model=HealthCheckMade, status_code=201, **declare(Operation.VERIFY, problems=(404,))
)
async def check_configuration_health(
    request: Request, provider: ProviderName, model_id: ModelId, health: _Health, actor: Acting
) -> Response:
    """Ask the provider now, for at most 16 tokens, keep the outcome, and switch as the server's policy says."""
    check = await health.check(provider, model_id, actor=actor)
    return answer(request, HealthCheckMade.model_validate(check), status=201)
