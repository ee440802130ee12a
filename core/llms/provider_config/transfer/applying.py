"""A whole `Document` put into the database within one transaction: what is tried, and what is refused."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.errors import AccessDeniedError, ProviderConfigError
from core.llms.provider_config.inheritance.ordering import parents_first
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.recording import Change
from core.llms.provider_config.revisions.snapshots import CONFIGURATION, PARAMETERS, PROMPT_TEMPLATE, scope_of
from core.llms.provider_config.shared_rows import require_fitting
from core.llms.provider_config.transfer.document import ConfigurationEntry, Document
from core.llms.provider_config.transfer.report import ImportItem, Outcome
from core.llms.provider_config.transfer.row_changes import (
    Changes,
    Mode,
    apply_configuration,
    apply_named,
    free_aliases,
)

T = TypeVar("T")


class Application:
    """What one transaction does with a document. What is refused is written down, and the rest is tried all the same.

    `items` are true of the transaction alone, which whoever opened it keeps or not. `denials` are what access refused.
    `stored` are the configurations that were made or changed, each with whether it is to be switched on once verified.
    """

    def __init__(self, change: Change, mode: Mode, *, verifies: bool) -> None:
        self.items: list[ImportItem] = []
        self.denials: list[AccessDeniedError] = []
        self.stored: list[tuple[ProviderModelConfig, bool]] = []
        self._change = change
        self._mode: Mode = mode
        self._verifies = verifies

    @property
    def is_refused(self) -> bool:
        """Whether anything was refused."""
        return any(item.outcome == "refused" for item in self.items)

    async def apply(self, document: Document) -> None:
        """Store everything, each thing after what it needs. Raises `StorageError`."""
        changed = []
        for wanted in parents_first(document.parameters):
            row = await self._try(PARAMETERS, wanted.name, apply_named(self._change, LLMParameters, wanted, self._mode))
            changed += [] if row is None else [row]
        for template in document.prompt_templates:
            applying = apply_named(self._change, PromptTemplate, template, self._mode)
            await self._try(PROMPT_TEMPLATE, template.name, applying)
        await self._apply_configurations(document.configurations)
        # Not before: a configuration may have got other parameters.
        for row in changed:
            await self._require_fitting(row)

    async def _apply_configurations(self, entries: tuple[ConfigurationEntry, ...]) -> None:
        before = await free_aliases(self._change, entries) if self._mode == "merge" else {}
        for entry in entries:
            known = before.get((entry.provider_name, entry.model_id))
            applying = apply_configuration(self._change, entry, self._mode, known, is_held_back=self._verifies)
            row = await self._try(CONFIGURATION, entry.name, self._apply_verifiable(applying))
            if row is not None:
                is_new = self.items[-1].outcome == "created"
                self.stored.append((row, is_new and entry.is_active is not False))

    async def _apply_verifiable(
        self, applying: Awaitable[tuple[ProviderModelConfig, Changes]]
    ) -> tuple[ProviderModelConfig, Changes]:
        row, changes = await applying
        if self._verifies:
            self._change.permissions.require(Operation.VERIFY, scope_of(row))
        return row, changes

    async def _require_fitting(self, row: LLMParameters) -> None:
        try:
            await require_fitting(self._change, row)
        except ProviderConfigError as error:
            self.items = [item for item in self.items if (item.kind, item.name) != (PARAMETERS, row.name)]
            self._refuse(PARAMETERS, row.name, error, str(error))

    async def _try(self, kind: str, name: str, applying: Awaitable[tuple[T, Changes]]) -> T | None:
        """Do one thing, write down what came of it, and return the row where it was made or changed."""
        try:
            row, changes = await applying
        except ProviderConfigError as error:
            self._refuse(kind, name, error, error.message)
            return None
        if changes is None:
            self.items.append(ImportItem(kind=kind, name=name, outcome="created"))
        else:
            outcome: Outcome = "changed" if changes else "unchanged"
            self.items.append(ImportItem(kind=kind, name=name, outcome=outcome, changes=changes))
        return row if changes or changes is None else None

    def _refuse(self, kind: str, name: str, error: ProviderConfigError, reason: str) -> None:
        if isinstance(error, AccessDeniedError):
            self.denials.append(error)
        self.items.append(ImportItem(kind=kind, name=name, outcome="refused", reason=reason))
