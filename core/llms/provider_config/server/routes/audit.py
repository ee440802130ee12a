"""The audit: what was done and denied, and whether it is all there as it was written."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.audit.chain import AuditAnchor
from core.llms.provider_config.audit.entries import AuditEntry
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, answer
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import Wanted
from core.llms.provider_config.server.pagination import Page, Paging, answer_page
from core.llms.provider_config.server.routes.grants import ScopeBody

router: Final = APIRouter(prefix="/audit", tags=["audit"], route_class=JsonRoute)


class AuditEntryResponse(BaseModel):
    """One thing that was done, or was denied. `hash` chains it to the entry before."""

    model_config = ConfigDict(from_attributes=True)

    sequence: int
    at: datetime
    actor: str
    action: str
    outcome: Literal["done", "denied"]
    kind: str
    name: str
    scope: ScopeBody
    details: dict[str, Any]
    previous_hash: str
    hash: str


class AuditPage(Page[AuditEntryResponse]):
    """Entries of the audit, newest first."""


class AuditAnchorBody(BaseModel):
    """The end of the audit at some moment. Kept elsewhere, it proves that nothing before it was written anew."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    sequence: Annotated[int, Field(strict=True, ge=0, le=2**53)]
    hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class AuditProblemResponse(BaseModel):
    """What is wrong with one entry."""

    model_config = ConfigDict(from_attributes=True)

    sequence: int
    problem: str


class AuditReportResponse(BaseModel):
    """What verifying found. `head` is the anchor to keep."""

    model_config = ConfigDict(from_attributes=True)

    is_intact: bool
    entries: int
    head: AuditAnchorBody
    problems: list[AuditProblemResponse]


@router.get("/entries", response_model=AuditPage, **declare(Operation.READ_AUDIT, problems=(304,)))
async def list_audit_entries(
    request: Request,
    paging: Paging,
    service: Service,
    actor: Acting,
    since: Annotated[AwareDatetime | None, Query(description="From this moment on.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None,
    by: Wanted = None,
    kind: Wanted = None,
    name: Wanted = None,
    outcome: Annotated[Literal["done", "denied"] | None, Query()] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List what was done and denied, as far as the actor may see it, newest first."""
    after = paging.after(int)
    found = await service.audit.list_entries(
        since=since,
        until=until,
        by=by,
        kind=kind,
        name=name,
        outcome=outcome,
        before=None if after is None else -after[0],
        limit=paging.limit + 1,
        actor=actor,
    )
    page, following = paging.end(found, lambda entry: (-entry.sequence,))
    return answer_page(request, AuditPage(items=[_render(one) for one in page], next=following))


@router.post("/verify", response_model=AuditReportResponse, **declare(Operation.READ_AUDIT, has_body=True))
async def verify_audit(
    request: Request, service: Service, actor: Acting, anchor: AuditAnchorBody | None = None
) -> Response:
    """Check that no entry was changed, removed or put between others, and say which.

    An anchor, the `head` of an earlier report that was kept elsewhere, also finds a whole chain that was written anew.
    """
    kept = None if anchor is None else AuditAnchor(anchor.sequence, anchor.hash)
    report = await service.audit.verify_audit_chain(kept, actor=actor)
    return answer(request, AuditReportResponse.model_validate(report))


def _render(entry: AuditEntry) -> AuditEntryResponse:
    return AuditEntryResponse.model_validate(entry)
