"""`core-llms providers token`: what callers of the REST API are known by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService
    from core.llms.provider_config.tokens.schemas import ApiTokenResponse

token = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Make, list and revoke tokens of the REST API (`serve-config`)."
)
_COLUMNS: Final = ("token", "subject", "description", "state", "expires", "last used")


@token.command()
def create(
    subject: Annotated[str, typer.Argument(help="Who acts with it: the name that roles are granted to.")],
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="After how many days it ends; else never.")
    ] = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Make a token and write it to stdout. It cannot be shown again; of it only a digest is stored."""
    terminal = Terminal(as_json=json, debug=debug)
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)

    async def act(service: ProviderConfigService) -> ExitCode:
        made = await service.tokens.create(subject, description=description, expires_at=expires_at)
        text = made.text.get_secret_value()
        if terminal.as_json:
            terminal.write_json({**_facts(made.token), "token": text})
        else:
            terminal.write(f"{text}\n")
            if not await service.access.list_grants(subject):
                terminal.note(f"{subject!r} has no role yet, and may do nothing")
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


@token.command("list")
def list_tokens(
    subject: Annotated[str | None, typer.Option(help="One subject's alone.")] = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List the tokens, revoked ones, too, by when they were made."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        found = await service.tokens.list_tokens(subject)
        if terminal.as_json:
            terminal.write_json([_facts(one) for one in found])
        elif found:
            print_table(_COLUMNS, map(_row, found), ())
        else:
            terminal.warn("there is no token" + (" of these" if subject else ""))
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


@token.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="What `list` calls it: the part between the two `_`.")],
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Make a token useless, at once and for ever."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        revoked = await service.tokens.revoke(token_id)
        if terminal.as_json:
            terminal.write_json(_facts(revoked))
        else:
            terminal.write(f"{revoked.id} of {revoked.subject}: revoked\n")
        return ExitCode.OK

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _facts(one: ApiTokenResponse) -> dict[str, Any]:
    return one.model_dump(mode="json")


def _row(one: ApiTokenResponse) -> tuple[str, ...]:
    state = "usable" if one.is_usable else "expired" if one.revoked_at is None else "revoked"
    return (one.id, one.subject, one.description or "", state, _moment(one.expires_at), _moment(one.last_used))


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
