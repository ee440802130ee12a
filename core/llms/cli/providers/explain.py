"""`core-llms providers explain`: which value each parameter has, and who says so."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import ModelArgument, ModelNames, NamesArgument, UpgradeOption, with_service
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.inheritance.explanation import Origin, ParameterExplanation
    from core.llms.provider_config.service import ProviderConfigService


def explain(
    provider: NamesArgument,
    model: ModelArgument = None,
    every: Annotated[bool, typer.Option("--all", help="Show the parameters that nothing sets, too.")] = False,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show the value of each parameter, which parameters or preset it comes from, what that overrode, if it is sent."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        explained = await service.explain_parameters(*await ModelNames(provider, model).find(service))
        if terminal.as_json:
            terminal.write_json(asdict(explained))
            return ExitCode.OK
        shown = [one for one in explained.parameters if every or one.origin.source != "model"]
        print_table(("parameter", "value", "from", "overrides", "sent"), map(_row, shown))
        terminal.note(" → ".join(explained.chain) + (f" → preset {explained.preset}" if explained.preset else ""))
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _row(one: ParameterExplanation) -> tuple[str, ...]:
    sent = "yes" if one.is_sent else f"no: {one.reason}"
    value = "" if one.value is None else str(one.value)
    return (
        one.name,
        value,
        _source(one.origin),
        ", ".join(f"{_source(word)} {_said(word)}" for word in one.overrode),
        sent,
    )


def _source(word: Origin) -> str:
    return word.name if word.source in ("parameters", "ancestor") else f"{word.source} {word.name}"


def _said(word: Origin) -> str:
    return "unset" if word.is_unset else str(word.value)
