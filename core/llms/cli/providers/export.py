"""`core-llms providers export`: what is stored as a document, without secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService


def export(
    file: Annotated[Path | None, typer.Argument(help="Write to this .yaml or .json file, not to stdout.")] = None,
    provider: Annotated[str | None, typer.Option(help="One provider's configurations, with what they use.")] = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Write what is configured as YAML, for a file that `import` reads. No secret is in it."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.provider_config.transfer.writing import render_yaml, save_document

        document = await service.transfer.export(provider=provider)
        for path in document.left_out:
            terminal.warn(f"{path} is left out: it may be a secret")
        if file is not None:
            save_document(document, file)
            terminal.note(f"{file}: {len(document.configurations)} configurations")
        elif terminal.as_json:
            terminal.write_json(document.content())
        else:
            terminal.write(render_yaml(document))
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)
