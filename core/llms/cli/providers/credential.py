"""`core-llms providers credential`: secrets of accounts, kept encrypted, that configurations name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.groups import LIST
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.providers.fields import OrganisationOption, WorkspaceOption, given
from core.llms.cli.providers.secret_inputs import FromEnvOption, FromFileOption, FromStdinOption, read_secrets
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.credentials.schemas import CredentialResponse
    from core.llms.provider_config.service import ProviderConfigService

_COLUMNS: Final = ("credential", "provider", "version", "key", "fingerprints", "problem")
_NameArgument: TypeAlias = Annotated[str, typer.Argument(help="The name that configurations have for it.")]
_VersionOption: TypeAlias = Annotated[
    int | None, typer.Option(help="Do it only while it is at this version, which `list` says.")
]

credential = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Keep secrets of accounts, encrypted with the keys of CORE_LLMS_ENCRYPTION_KEYS. None is ever shown.",
)


@credential.command()
def store(
    name: _NameArgument,
    provider: Annotated[str, typer.Argument(help="As in openai.")],
    from_env: FromEnvOption = None,
    from_file: FromFileOption = None,
    from_stdin: FromStdinOption = False,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    organisation: OrganisationOption = None,
    workspace: WorkspaceOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Store a credential of a provider. The same again changes nothing."""
    secrets = read_secrets(from_env, from_stdin, from_file)
    terminal = Terminal(as_json=json, debug=debug)
    fields = given(description=description, organisation=organisation, workspace=workspace)

    async def act(service: ProviderConfigService) -> ExitCode:
        return _report(await service.credentials.create(name, provider, secrets, **fields), "stored", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


@credential.command()
def replace(
    name: _NameArgument,
    from_env: FromEnvOption = None,
    from_file: FromFileOption = None,
    from_stdin: FromStdinOption = False,
    expected_version: _VersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Store other secrets under the name; every process uses them soon after."""
    secrets = read_secrets(from_env, from_stdin, from_file)
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        replaced = await service.credentials.replace(name, secrets, expected_version=expected_version)
        return _report(replaced, f"at version {replaced.version}", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


@credential.command()
def rename(
    name: _NameArgument,
    new_name: Annotated[str, typer.Argument(help="The name that it is to have.")],
    expected_version: _VersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Give a credential another name; configurations go on using it."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        renamed = await service.credentials.rename(name, new_name, expected_version=expected_version)
        return _report(renamed, f"the new name of {name}", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


@credential.command(LIST)
def list_credentials(
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List the credentials, without their secrets: equal fingerprints are of equal secrets."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        found = await service.credentials.list_all()
        if terminal.as_json:
            terminal.write_json([_facts(each) for each in found])
        elif found:
            print_table(_COLUMNS, map(_row, found), (2,))
        else:
            terminal.warn("no credential is stored")
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


@credential.command()
def delete(
    name: _NameArgument,
    yes: Annotated[bool, typer.Option("--yes", help="It may be lost.")] = False,
    expected_version: _VersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Delete a credential that no configuration uses; no encryption key is needed for it."""
    if not yes:
        raise typer.BadParameter("the credential would be lost; give --yes if it may be")
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        await service.credentials.delete(name, expected_version=expected_version)
        if terminal.as_json:
            terminal.write_json({"deleted": name})
        else:
            terminal.write(f"credential {name}: deleted\n")
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _report(stored: CredentialResponse, outcome: str, terminal: Terminal) -> ExitCode:
    if terminal.as_json:
        terminal.write_json(_facts(stored))
    else:
        terminal.write(f"credential {stored.name}: {outcome}\n")
    return ExitCode.OK


def _row(stored: CredentialResponse) -> tuple[str, ...]:
    return (
        stored.name,
        stored.provider,
        str(stored.version),
        stored.key_id,
        _describe(stored.fingerprints),
        stored.problem or "",
    )


def _describe(fingerprints: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {fingerprint}" for name, fingerprint in fingerprints.items())


def _facts(stored: CredentialResponse) -> dict[str, Any]:
    return stored.model_dump(mode="json")
