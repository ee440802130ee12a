"""What an import does, or would do: one line for each thing that the document names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from core.llms.provider_config.errors import ProviderConfigError
from core.llms.provider_config.revisions.differences import FieldChange

Outcome: TypeAlias = Literal["created", "changed", "unchanged", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportItem:
    """What became of one thing. `kind` is `parameters`, `prompt_template` or `configuration`.

    `changes` are fields as the document has them, of what was changed; `reason` says why it was refused.
    """

    kind: str
    name: str
    outcome: Outcome
    changes: tuple[FieldChange, ...] = ()
    reason: str | None = None

    def __str__(self) -> str:
        told = self.reason or "; ".join(map(str, self.changes))
        return f"{self.kind} {self.name!r} {self.outcome}" + (f": {told}" if told else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of everything that a document names, in the order of the document.

    With `is_kept` it is stored; otherwise nothing is, because it was a dry run or because something was refused.
    `not_verified` has the configurations, as `provider/model`, whose provider did not answer afterwards, and why.
    """

    items: tuple[ImportItem, ...]
    is_kept: bool
    not_verified: Mapping[str, str] = field(default_factory=dict)

    def of(self, outcome: Outcome) -> tuple[ImportItem, ...]:
        """Return the items that came out so."""
        return tuple(item for item in self.items if item.outcome == outcome)


class ImportRefusedError(ProviderConfigError):
    """Something of a document was refused, and so nothing of it was stored; `report` says what of all became of it."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("nothing was imported: " + "; ".join(map(str, report.of("refused"))))
        self.report = report
