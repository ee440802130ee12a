"""`core-llms providers delete`: removing a configuration, and the rows that were its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import (
    ExpectedVersionOption,
    ModelArgument,
    ModelNames,
    NamesArgument,
    UpgradeOption,
    with_service,
)
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService


def delete(
    provider: NamesArgument,
    model: ModelArgument = None,
    yes: Annotated[bool, typer.Option("--yes", help="It may be lost.")] = False,
    expected_version: ExpectedVersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Delete a configuration. Of its parameters and template those go with it that have its name, PROVIDER/MODEL."""
    if not yes:
        raise typer.BadParameter("the configuration would be lost; give --yes if it may be")
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        found = await ModelNames(provider, model).find(service)
        stay = await service.delete_provider_model(*found, with_own_rows=True, expected_version=expected_version)
        own = "/".join(found)
        kept = {kind.replace("prompt_", ""): name for kind, name in stay.items()}
        if terminal.as_json:
            terminal.write_json({"deleted": own, "kept": kept})
        else:
            terminal.write(f"{own}: deleted{''.join(f'; {what} {name!r} stay' for what, name in kept.items())}\n")
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)
