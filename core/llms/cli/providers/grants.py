"""`core-llms providers grant`, `deny`, `revoke` and `grants`: who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.access.operations import Scope
    from core.llms.provider_config.access.permissions import Grant
    from core.llms.provider_config.service import ProviderConfigService

_COLUMNS: Final = ("grant", "subject", "role", "outcome", "within")
_SubjectArgument: TypeAlias = Annotated[str, typer.Argument(help="The name of an actor.")]
_RoleArgument: TypeAlias = Annotated[
    str, typer.Argument(help="viewer, user, editor, operator, maintainer, credential_manager, secret_reader, auditor, "
                             "admin or owner.")
]  # fmt: skip
_OrganisationOption: TypeAlias = Annotated[str | None, typer.Option(help="Within this organisation alone.")]
_WorkspaceOption: TypeAlias = Annotated[str | None, typer.Option(help="Within this workspace alone.")]
_ProviderOption: TypeAlias = Annotated[str | None, typer.Option(help="For this provider alone.")]
_ModelOption: TypeAlias = Annotated[str | None, typer.Option(help="For this model alone.")]


def grant(
    subject: _SubjectArgument,
    role: _RoleArgument,
    organisation: _OrganisationOption = None,
    workspace: _WorkspaceOption = None,
    provider: _ProviderOption = None,
    model: _ModelOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Give an actor a role, everywhere or within what the options name. The same again changes nothing."""
    levels = (organisation, workspace, provider, model)
    return _add(subject, role, levels, Terminal(as_json=json, debug=debug), upgrade, actor, denies=False)


def deny(
    subject: _SubjectArgument,
    role: _RoleArgument,
    organisation: _OrganisationOption = None,
    workspace: _WorkspaceOption = None,
    provider: _ProviderOption = None,
    model: _ModelOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Forbid an actor all that a role may do, whatever else is granted."""
    levels = (organisation, workspace, provider, model)
    return _add(subject, role, levels, Terminal(as_json=json, debug=debug), upgrade, actor, denies=True)


def _add(
    subject: str,
    role: str,
    levels: tuple[str | None, ...],
    terminal: Terminal,
    upgrade: bool,
    actor: str | None,
    *,
    denies: bool,
) -> int:
    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.provider_config.access.operations import Scope

        scope = Scope(*levels)
        adding = service.access.deny if denies else service.access.grant
        return _report(await adding(subject, role, scope), "denied to" if denies else "granted to", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def revoke(
    grant_id: Annotated[int, typer.Argument(metavar="GRANT", help="Its number, which `grants` lists.")],
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Take a grant, or a denial, back."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        return _report(await service.access.revoke(grant_id), "taken from", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def grants(
    subject: Annotated[str | None, typer.Argument(help="One actor's alone.")] = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List who has which role, and what is denied."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        found = await service.access.list_grants(subject)
        if terminal.as_json:
            terminal.write_json([_facts(each) for each in found])
        elif found:
            print_table(_COLUMNS, map(_row, found), (0,))
        else:
            terminal.warn("nothing is granted" + ("" if subject is None else f" to {subject}"))
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _report(made: Grant, outcome: str, terminal: Terminal) -> ExitCode:
    if terminal.as_json:
        terminal.write_json(_facts(made))
    else:
        terminal.write(f"{made.id}: {made.role} within {made.scope}, {outcome} {made.subject}\n")
    return ExitCode.OK


def _row(made: Grant) -> tuple[str, ...]:
    return str(made.id), made.subject, made.role, "denied" if made.is_denial else "granted", str(made.scope)


def _facts(made: Grant) -> dict[str, Any]:
    return {
        "id": made.id,
        "subject": made.subject,
        "role": made.role,
        "is_denial": made.is_denial,
        **_levels(made.scope),
    }


def _levels(scope: Scope) -> dict[str, str | None]:
    return {level: getattr(scope, level) for level in ("organisation", "workspace", "provider", "model")}
