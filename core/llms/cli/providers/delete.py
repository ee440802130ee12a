"""`core-llms providers delete`: removing a configuration, and the rows that were its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
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
    from core.llms.provider_config.schemas import ProviderModelConfigResponse
    from core.llms.provider_config.service import ProviderConfigService


def delete(
    provider: NamesArgument,
    model: ModelArgument = None,
    yes: Annotated[bool, typer.Option("--yes", help="It may be lost.")] = False,
    expected_version: ExpectedVersionOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Delete a configuration. Of its parameters and template those go with it that have its name, PROVIDER/MODEL."""
    if not yes:
        raise typer.BadParameter("the configuration would be lost; give --yes if it may be")
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        config = await ModelNames(provider, model).read(service)
        own = f"{config.provider_name}/{config.model_id}"
        await service.delete_provider_model(config.provider_name, config.model_id, expected_version=expected_version)
        kept = await _delete_rows(service, config, own)
        if terminal.as_json:
            terminal.write_json({"deleted": own, "kept": kept})
        else:
            terminal.write(f"{own}: deleted{''.join(f'; {what} {name!r} stay' for what, name in kept.items())}\n")
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade)


async def _delete_rows(service: ProviderConfigService, config: ProviderModelConfigResponse, own: str) -> dict[str, str]:
    """Delete the rows that bear the configuration's own name, and return those that stay."""
    from core.llms.provider_config.errors import ConfigInUseError, ConfigNotFoundError

    rows: dict[str, tuple[Any, str]] = {"parameters": (service.parameters, config.parameters.name)}
    if config.prompt_template is not None:
        rows["template"] = (service.prompt_templates, config.prompt_template.name)
    kept = {}
    for what, (table, name) in rows.items():
        try:
            if name != own:
                raise ConfigInUseError(name)
            await table.delete(name)
        except ConfigInUseError:
            kept[what] = name
        except ConfigNotFoundError:
            # Somebody else has deleted it meanwhile.
            continue
    return kept
