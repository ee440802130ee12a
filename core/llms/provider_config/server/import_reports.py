"""What an import did, or would do, as it is answered."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from core.llms.provider_config.server.differences import FieldDifference, render_differences
from core.llms.provider_config.transfer.report import ImportItem, ImportReport
from core.llms.runtime.secret_patterns import mask_secrets


class ImportItemResponse(BaseModel):
    """What became of one thing that a document names. `changes` are fields as documents have them."""

    kind: Literal["parameters", "prompt_template", "configuration"]
    name: str
    outcome: Literal["created", "changed", "unchanged", "refused"]
    changes: list[FieldDifference]
    reason: str | None


class ImportReportResponse(BaseModel):
    """What became of everything that a document names, in its order. Where it is not `is_kept`, nothing was stored.

    `not_verified` has the configurations, as `provider/model`, whose provider did not answer afterwards, and why.
    """

    is_kept: bool
    items: list[ImportItemResponse]
    not_verified: dict[str, str]


def render_report(report: ImportReport) -> ImportReportResponse:
    """Return a report as it is answered."""
    return ImportReportResponse(
        is_kept=report.is_kept,
        items=[_render(item) for item in report.items],
        not_verified={name: mask_secrets(reason) for name, reason in report.not_verified.items()},
    )


def _render(item: ImportItem) -> ImportItemResponse:
    return ImportItemResponse.model_validate(
        {
            "kind": item.kind,
            "name": item.name,
            "outcome": item.outcome,
            "changes": render_differences(item.changes),
            "reason": item.reason and mask_secrets(item.reason),
        }
    )
