"""`core-llms providers rollback`: making a configuration what it was at a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import (
    ExpectedVersionOption,
    ModelNames,
    UpgradeOption,
    report,
    with_service,
)
from core.llms.cli.providers.history import changes_between, describe_change
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.cli.providers.history import ReadHistory
    from core.llms.provider_config.revisions.differences import FieldChange
    from core.llms.provider_config.service import ProviderConfigService

# What a provider answers, and whether it is switched on, stay as they are.
_KEPT: Final = frozenset({"is_active", "verification_status"})


RevisionArgument: TypeAlias = Annotated[int, typer.Argument(min=1, help="As `history` lists them.")]
AgreeOption: TypeAlias = Annotated[bool, typer.Option("--yes", help="Do it, and do not only say what would change.")]


def rollback(
    model: Annotated[str, typer.Argument(help="provider/model, or an alias.")],
    revision: RevisionArgument,
    yes: AgreeOption = False,
    expected_version: ExpectedVersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Make a configuration, with its parameters and template, what it was at REVISION, as a new revision.

    Whether it is switched on stays; what was deleted comes back switched off.
    """
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        names = await ModelNames(model).find(service)
        current = await service.get_provider_model(*names)
        await require_agreement(service.revisions.history, names, revision, terminal, yes=yes)
        # What was said above holds as long as nobody changes it meanwhile.
        seen = None if current is None else current.version
        version = seen if expected_version is None else expected_version
        config = await service.revisions.rollback(*names, revision, expected_version=version)
        return report(config, f"as at revision {revision}, at version {config.version}", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


async def require_agreement(
    read: ReadHistory, names: tuple[str, ...], revision: int, terminal: Terminal, *, yes: bool
) -> None:
    """Say what going back to a revision would change. Raises `typer.BadParameter` unless it may be done."""
    for change in await _find_changes(read, names, revision):
        terminal.note(describe_change(change))
    if not yes:
        raise typer.BadParameter("nothing was changed; give --yes if the above may be", param_hint="--yes")


async def _find_changes(read: ReadHistory, names: tuple[str, ...], number: int) -> list[FieldChange]:
    from core.llms.provider_config.errors import ConfigNotFoundError

    wanted = await read(*names, before=number + 1, limit=1)
    if not wanted or wanted[0].number != number:
        raise ConfigNotFoundError(f"{'/'.join(names)} has no revision {number}; `history` lists them")
    (newest,) = await read(*names, limit=1)
    return [change for change in changes_between(newest, wanted[0]) if change.field not in _KEPT]
