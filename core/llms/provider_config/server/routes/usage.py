"""Usage: what calls consumed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, answer
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import Wanted

router: Final = APIRouter(prefix="/usage", tags=["usage"], route_class=JsonRoute)
_GROUPS: Final = ("provider", "model", "actor", "day")


class UsageTotalsResponse(BaseModel):
    """Counts of calls and tokens, seconds, and money in USD."""

    model_config = ConfigDict(from_attributes=True)

    calls: int
    succeeded: int
    failed: int
    cancelled: int
    cached: int
    attempts: int
    unpriced: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    reasoning_tokens: int
    seconds: float
    cost: Decimal
    maybe_charged_cost: Decimal
    saved_cost: Decimal


class UsageRowResponse(BaseModel):
    """What the calls of one group consumed. What it is not grouped by is null; what a call did not have is empty."""

    model_config = ConfigDict(from_attributes=True)

    provider: str | None
    model: str | None
    operation: str | None
    alias: str | None
    actor: str | None
    tag: str | None
    hour: datetime | None
    day: date | None
    month: str | None
    totals: UsageTotalsResponse


class UsageReport(BaseModel):
    """Usage by groups, ordered as they were asked for."""

    items: list[UsageRowResponse]


@router.get("", response_model=UsageReport, **declare(Operation.READ_USAGE, problems=(304,)))
async def summarize_usage(
    request: Request,
    service: Service,
    actor: Acting,
    group_by: Annotated[
        list[str],
        Query(max_length=9, description="Some of provider, model, operation, alias, actor, tag, hour, day, month."),
    ] = list(_GROUPS),  # noqa: B006 - FastAPI copies it
    since: Annotated[AwareDatetime | None, Query(description="From this moment on.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None,
    provider: Wanted = None,
    model: Wanted = None,
    alias: Wanted = None,
    by: Wanted = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Add up what recorded calls consumed, as far as the actor may see it: a row for each group."""
    found = await service.usage.summarize(
        since=since, until=until, group_by=group_by, provider=provider, model=model, alias=alias, by=by, actor=actor
    )
    return answer(request, UsageReport(items=[UsageRowResponse.model_validate(row) for row in found]))
