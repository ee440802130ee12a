"""`core-llms providers import`: storing what a document says, all or nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.providers.wording import reword
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal
from core.llms.runtime.secret_patterns import mask_secrets

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService
    from core.llms.provider_config.transfer.document import Document
    from core.llms.provider_config.transfer.report import ImportItem, ImportReport


def import_(
    file: Annotated[Path, typer.Argument(help="YAML or JSON; `-`: from standard input.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and do nothing.")] = False,
    mode: Annotated[
        Literal["merge", "create"], typer.Option(help="merge changes what is there to what FILE says; create refuses.")
    ] = "merge",
    verify: Annotated[
        bool, typer.Option("--verify", help="Ask the providers afterwards; what is new is switched on if they answer.")
    ] = False,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Store what FILE says, as `export` writes it, all or nothing. What it does not name stays."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.provider_config.errors import ConfigValidationError
        from core.llms.provider_config.transfer.report import ImportRefusedError

        try:
            document = _read(file)
        except ConfigValidationError as error:
            return _report_problems(error, terminal)
        try:
            report = await service.transfer.import_(document, mode=mode, dry_run=dry_run, verify=verify)
        except ImportRefusedError as error:
            report = error.report
        return _report(report, terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _read(file: Path) -> Document:
    from core.llms.provider_config.transfer.reading import load_document, read_document

    return read_document(sys.stdin.buffer.read(), "<stdin>") if str(file) == "-" else load_document(file)


def _report_problems(error: Any, terminal: Terminal) -> ExitCode:
    if terminal.as_json:
        facts = {"type": type(error).__name__, "message": "the document is wrong", "problems": error.problems}
        terminal.write_json({"error": facts})
    for problem in error.problems.values():
        terminal.error(problem)
    return ExitCode.INVALID_REQUEST


def _report(report: ImportReport, terminal: Terminal) -> ExitCode:
    refused = report.of("refused")
    if terminal.as_json:
        terminal.write_json(_facts(report))
    else:
        shown = [item for item in report.items if item.outcome in ("created", "changed")]
        if shown:
            print_table(("outcome", "kind", "name", "changes"), map(_row, shown))
        counts = {outcome: len(report.of(outcome)) for outcome in ("created", "changed", "unchanged", "refused")}
        told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing is in it"
        terminal.write(f"{told}{'' if report.is_kept else '; nothing was stored'}\n")
    for item in refused:
        terminal.error(f"{item.kind} {item.name}: {mask_secrets(reword(item.reason or ''))}")
    for name, reason in report.not_verified.items():
        terminal.warn(f"{name} is not verified: {mask_secrets(reason)}")
    if refused:
        return ExitCode.INVALID_REQUEST
    return ExitCode.VENDOR_FAILED if report.not_verified else ExitCode.OK


def _row(item: ImportItem) -> tuple[str, ...]:
    return item.outcome, item.kind, item.name, "; ".join(map(str, item.changes))


def _facts(report: ImportReport) -> dict[str, Any]:
    items = [
        {
            "kind": item.kind,
            "name": item.name,
            "outcome": item.outcome,
            "changes": [{"field": each.field, "before": each.before, "after": each.after} for each in item.changes],
            "reason": item.reason and mask_secrets(reword(item.reason)),
        }
        for item in report.items
    ]
    return {"is_kept": report.is_kept, "items": items, "not_verified": report.not_verified}
