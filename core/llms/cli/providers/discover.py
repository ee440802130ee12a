"""`core-llms providers discover`: what the environment and this machine offer, and registering some of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Final

import typer

from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode, exit_code_for
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption, JsonOption, require_positive
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.discovery.applying import Registration
    from core.llms.provider_config.discovery.findings import DiscoveryReport
    from core.llms.provider_config.schemas import ProviderModelConfigCreate
    from core.llms.provider_config.service import ProviderConfigService

_ALL: Final = "ALL"


def discover(
    provider: Annotated[str | None, typer.Argument(help="Of this one alone, as in openai.")] = None,
    local_only: Annotated[bool, typer.Option("--local-only", help="Ask nothing but this machine.")] = False,
    address: Annotated[
        list[str] | None, typer.Option(help="Look for servers here instead of at the usual addresses; repeatable.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many models of each provider to propose; 0 for all.")] = 5,
    timeout: Annotated[float, typer.Option(callback=require_positive, help="Seconds for all of it.")] = 20.0,
    register: Annotated[
        list[str] | None, typer.Option(metavar="ALIAS", help="Register what is proposed so, or ALL; repeatable.")
    ] = None,
    no_verify: Annotated[bool, typer.Option("--no-verify", help="Register without asking the provider.")] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Show models that are not proposed, too, and why.")] = False,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Find providers that the environment has credentials for, servers of this machine, and their models.

    Nothing is sent that costs. What is configured is marked where CORE_LLMS_DATABASE_URL names a database; --register
    stores, verifies and switches on what is proposed.
    """
    terminal = Terminal(as_json=json, debug=debug)

    async def look(service: ProviderConfigService | None) -> DiscoveryReport:
        from core.llms.provider_config.discovery.discover import discover

        return await discover(
            provider,
            service=service,
            local_only=local_only,
            addresses=address or None,
            limit=limit or None,
            timeout_seconds=timeout,
        )

    async def act(service: ProviderConfigService) -> ExitCode:
        found = await look(service)
        if not register:
            return _show(found, terminal, show_all)
        from core.llms.provider_config.discovery.applying import apply

        chosen = _choose(found.proposals, register)
        return _report(await apply(service, chosen, verify=not no_verify), terminal)

    if register or upgrade or os.environ.get("CORE_LLMS_DATABASE_URL"):
        return with_service(act, terminal, upgrade=upgrade, actor=actor)
    return guard(lambda: _show(run(look(None)), terminal, show_all), terminal)


def _choose(proposals: Iterable[ProviderModelConfigCreate], aliases: Iterable[str]) -> list[ProviderModelConfigCreate]:
    """Return the proposals of these aliases. Raises `ConfigNotFoundError` for one that is not proposed."""
    from core.llms.provider_config.errors import ConfigNotFoundError

    by_alias = {str(proposal.alias): proposal for proposal in proposals}
    if _ALL in aliases:
        return list(by_alias.values())
    for alias in aliases:
        if alias not in by_alias:
            close = get_close_matches(alias, by_alias, 1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise ConfigNotFoundError(f"nothing is proposed as {alias!r}{hint}")
    return [by_alias[alias] for alias in dict.fromkeys(aliases)]


def _show(found: DiscoveryReport, terminal: Terminal, show_all: bool) -> ExitCode:
    from core.llms.cli.providers.discovery_facts import COLUMNS, FIGURES, report_facts, report_notes, report_rows
    from core.llms.cli.tables import print_table

    if terminal.as_json:
        terminal.write_json(report_facts(found))
        return ExitCode.OK
    rows = report_rows(found, show_all)
    if rows:
        print_table(COLUMNS, rows, FIGURES)
    for problem in found.problems:
        terminal.warn(f"{problem.provider or problem.address}: {problem.reason}")
    for note in report_notes(found, show_all):
        terminal.note(note)
    if not found.providers and not found.problems:
        terminal.warn("nothing was found: no credential is in the environment, and no server answers on this machine")
    return ExitCode.OK


def _report(registrations: Iterable[Registration], terminal: Terminal) -> ExitCode:
    from core.llms.cli.failures import error_facts
    from core.llms.cli.providers.config_facts import config_facts
    from core.llms.cli.providers.register import outcome_of

    done = list(registrations)
    if terminal.as_json:
        terminal.write_json(
            [
                {
                    "alias": each.proposal.alias,
                    "config": each.config and config_facts(each.config),
                    "error": each.error and error_facts(each.error),
                }
                for each in done
            ]
        )
    for each in done:
        name = f"{each.proposal.provider_name}/{each.proposal.model_id}"
        if each.error is not None:
            terminal.error(f"{name}: {each.error.message}")
        elif each.config is not None and not terminal.as_json:
            terminal.write(f"{name}: {outcome_of(each.config)}, as {each.config.alias}\n")
    failed = [each.error for each in done if each.error is not None]
    return exit_code_for(failed[0]) if failed else ExitCode.OK
