"""`core-llms providers health` and `check`: how configured models stand, and finding out now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import ModelArgument, ModelNames, UpgradeOption, with_service
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.health.service import HealthService
    from core.llms.provider_config.health.values import HealthCheck
    from core.llms.provider_config.service import ProviderConfigService

_NamesArgument: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="[PROVIDER]", help="As in openai; or, alone, provider/model or an alias. Without it, all models."
    ),
]


def health(
    provider: _NamesArgument = None,
    model: ModelArgument = None,
    history: Annotated[bool, typer.Option("--history", help="What was found out of one model, newest first.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="With --history: how many lines.")] = 20,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show how configured models stand, by checks and by live calls of the last hour. Nothing is asked."""
    if history and provider is None:
        raise typer.BadParameter("--history is of one model: name it")
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.provider_config.health.service import HealthService

        if history and provider is not None:
            names = await ModelNames(provider, model).find(service)
            return _show_history(await HealthService(service).history(*names, limit=limit), terminal)
        return await _show_states(HealthService(service), provider, model, terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def check(
    provider: _NamesArgument = None,
    model: ModelArgument = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Ask providers for configured models now, for at most 16 tokens each, and keep the outcomes. Nothing is switched.

    The exit code is that of the worst outcome.
    """
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.cli.providers.health_facts import check_facts, check_line, exit_code_of
        from core.llms.provider_config.health.service import HealthService

        asked = HealthService(service)
        if provider is None:
            checks = await asked.check_all()
        else:
            checks = [await asked.check(*await ModelNames(provider, model).find(service))]
        if terminal.as_json:
            terminal.write_json([check_facts(each) for each in checks])
        elif not checks:
            terminal.warn("no model is configured and switched on")
        for each in () if terminal.as_json else checks:
            terminal.write(f"{check_line(each)}\n")
        return exit_code_of(checks)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _show_history(checks: list[HealthCheck], terminal: Terminal) -> ExitCode:
    from core.llms.cli.providers.health_facts import CHECK_COLUMNS, CHECK_FIGURES, check_facts, check_row

    if terminal.as_json:
        terminal.write_json([check_facts(check) for check in checks])
    elif checks:
        print_table(CHECK_COLUMNS, map(check_row, checks), CHECK_FIGURES)
    else:
        terminal.warn("nothing was found out of it yet")
    return ExitCode.OK


async def _show_states(service: HealthService, provider: str | None, model: str | None, terminal: Terminal) -> ExitCode:
    from core.llms.cli.providers.health_facts import STATUS_COLUMNS, STATUS_FIGURES, status_facts, status_row

    if provider is None:
        statuses = await service.statuses()
    else:
        statuses = [await service.status(*await ModelNames(provider, model).find(service.configs))]
    if terminal.as_json:
        terminal.write_json([status_facts(status) for status in statuses])
    elif statuses:
        print_table(STATUS_COLUMNS, map(status_row, statuses), STATUS_FIGURES)
    else:
        terminal.warn("no model is configured")
    return ExitCode.OK
