"""`core-llms providers show`: one configuration in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import ModelArgument, ModelNames, NamesArgument, UpgradeOption, with_service
from core.llms.cli.tables import print_facts
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService


def show(
    provider: NamesArgument,
    model: ModelArgument = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show one configuration: its parameters, its template, whether it is switched on and verified, its version."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.cli.providers.config_facts import config_facts, shown_facts

        config = await ModelNames(provider, model).read(service)
        if terminal.as_json:
            terminal.write_json(config_facts(config))
        else:
            print_facts(shown_facts(config))
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)
