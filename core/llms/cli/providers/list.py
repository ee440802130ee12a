"""`core-llms providers list`: the models that are configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService


def list_configured(
    active: Annotated[bool, typer.Option("--active", help="Those that are switched on alone.")] = False,
    provider: Annotated[str | None, typer.Option(help="One provider's alone.")] = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List the models that are configured, with their parameters."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.cli.providers.config_facts import COLUMNS, FIGURES, config_facts, config_row

        found = (await service.list_providers(active_only=active, provider=provider)).providers
        if terminal.as_json:
            terminal.write_json([config_facts(config) for config in found])
        elif found:
            print_table(COLUMNS, map(config_row, found), FIGURES)
        else:
            terminal.warn("no model is configured" + (" of these" if active or provider else ""))
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)
