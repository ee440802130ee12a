"""`core-llms providers migrate`: another model, or another version of the API, shown first and then done."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import (
    ModelArgument,
    ModelNames,
    NamesArgument,
    UpgradeOption,
    report,
    with_service,
)
from core.llms.cli.providers.fields import read_pairs
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService
    from core.llms.provider_config.version_migration.plan import MigrationPlan


def migrate(
    provider: NamesArgument,
    model: ModelArgument = None,
    to_model: Annotated[
        str | None, typer.Option(help="The new model; by default the one that the vendor names instead.")
    ] = None,
    to_version: Annotated[str | None, typer.Option(help="The new version of the API, or the wire.")] = None,
    decide: Annotated[
        list[str] | None, typer.Option(help="name=value, a value to take instead; null for none; repeatable.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this nothing changes.")] = False,
    no_verify: Annotated[bool, typer.Option("--no-verify", help="Do not ask the provider before.")] = False,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show what becomes of each parameter with another model or version of the API, and with --apply do it."""
    terminal = Terminal(as_json=json, debug=debug)
    decisions = read_pairs(decide or (), "--decide")

    async def act(service: ProviderConfigService) -> ExitCode:
        names = await ModelNames(provider, model).find(service)
        plan = await service.plan_migration(*names, to_model=to_model, to_version=to_version, decisions=decisions)
        if apply:
            migrated = await service.migrate_provider_model(plan, verify=not no_verify)
            return report(migrated, f"migrated from {plan.from_model}, at version {migrated.version}", terminal)
        _show(plan, terminal)
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _show(plan: MigrationPlan, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.write_json(asdict(plan))
        return
    rows = [(step.name, step.fate, _text(step.before), _text(step.after), step.reason) for step in plan.steps]
    print_table(("parameter", "becomes", "before", "after", "because"), rows)
    versions = "" if plan.to_version is None else f", version {plan.to_version}"
    terminal.note(f"{plan.provider}/{plan.from_model} → {plan.to_model}{versions}; nothing was changed: give --apply")
    for note in plan.notes:
        terminal.note(note)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
