"""`TransferService`: all configurations as a document, and a document as configurations, all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.errors import StaleConfigError, VerificationError
from core.llms.provider_config.registration import respond
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.transfer.applying import Application
from core.llms.provider_config.transfer.document import Document
from core.llms.provider_config.transfer.exporting import read_stored
from core.llms.provider_config.transfer.reading import parse_document
from core.llms.provider_config.transfer.report import ImportRefusedError, ImportReport
from core.llms.provider_config.transfer.row_changes import Mode
from core.llms.provider_config.unit_of_work import UnitOfWork

Verify: TypeAlias = Callable[..., Coroutine[Any, Any, ProviderModelConfigResponse]]
_AT_ONCE: Final = 8


class _Undone(Exception):
    """Ends a transaction of which nothing is to be kept."""


class TransferService:
    """Documents of configurations. Every method raises `StorageError` where the database fails."""

    def __init__(self, work: UnitOfWork, verify: Verify) -> None:
        self._work = work
        self._verify = verify

    async def export(self, *, provider: str | None = None, actor: Actor | str | None = None) -> Document:
        """Return everything that the actor may see, or one provider's configurations with what they use.

        No secret is in it: stored credentials are named, and what may be a secret elsewhere is left out, and named in
        `left_out`.
        """
        async with self._work.reading(actor) as reading:
            return await read_stored(reading, provider)

    async def import_(
        self,
        document: Document | Mapping[str, Any],
        *,
        mode: Mode = "merge",
        dry_run: bool = False,
        verify: bool = False,
        actor: Actor | str | None = None,
    ) -> ImportReport:
        """Store what a document says, in one transaction: everything, or nothing where anything is refused.

        What it does not name stays. With the mode `create` nothing that is there is changed. What is there already is
        unchanged, so that the same again changes nothing. A `dry_run` does and undoes it, and reports what is refused.
        With `verify` new configurations are stored switched off; then, outside of the transaction, the providers of
        all that was made or changed are asked, and the new ones that answer are switched on.

        Raises `ImportRefusedError` with the report, and `ConfigValidationError` for a mapping that is no document.
        """
        if not isinstance(document, Document):
            document = parse_document(document)
        application = None
        stored: list[tuple[ProviderModelConfigResponse, bool]] = []
        with suppress(_Undone):
            async with self._work.changing(actor, "import") as change:
                application = Application(change, mode, verifies=verify)
                await application.apply(document)
                if dry_run or application.is_refused:
                    raise _Undone
                await change.save()
                stored = [(respond(row), activates) for row, activates in application.stored]
        assert application is not None
        await self._work.write_down("import", application.denials)
        is_kept = not dry_run and not application.is_refused
        report = ImportReport(items=tuple(application.items), is_kept=is_kept)
        if application.is_refused and not dry_run:
            raise ImportRefusedError(report)
        return await self._verify_all(report, stored, actor) if verify and is_kept else report

    async def _verify_all(
        self, report: ImportReport, stored: list[tuple[ProviderModelConfigResponse, bool]], actor: Actor | str | None
    ) -> ImportReport:
        gate = asyncio.Semaphore(_AT_ONCE)

        async def ask(config: ProviderModelConfigResponse, activates: bool) -> tuple[str, str] | None:
            try:
                async with gate:
                    await self._verify(config, actor, "verify", activates=activates)
            except (VerificationError, StaleConfigError) as error:
                return f"{config.provider_name}/{config.model_id}", error.message
            return None

        failures = await asyncio.gather(*(ask(config, activates) for config, activates in stored))
        return ImportReport(
            items=report.items, is_kept=True, not_verified=dict(failure for failure in failures if failure is not None)
        )
