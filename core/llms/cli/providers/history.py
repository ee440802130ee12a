"""`core-llms providers history`: every version of a configuration, of parameters or of a template."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.config_facts import mask
from core.llms.cli.providers.configured import ModelArgument, ModelNames, UpgradeOption, with_service
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.revisions.differences import FieldChange
    from core.llms.provider_config.revisions.service import Revision
    from core.llms.provider_config.service import ProviderConfigService

    ReadHistory = Callable[..., Awaitable[list[Revision]]]

_COLUMNS: Final = ("revision", "at", "actor", "action", "changes")
_SPAN: Final = re.compile(r"(\d+)(?:\.\.(\d+))?")


def _read_span(value: str | None) -> str | None:
    if value is not None and not _SPAN.fullmatch(value):
        raise typer.BadParameter(f"a revision or two, as in 3 or 3..5, not {value!r}")
    return value


DiffOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="OLD[..NEW]", callback=_read_span, help="What differs between two revisions, or to the newest."
    ),
]
LimitOption: TypeAlias = Annotated[int, typer.Option(min=1, help="At most this many, the newest.")]


def history(
    provider: Annotated[
        str | None, typer.Argument(metavar="[PROVIDER]", help="As in openai; or, alone, provider/model or an alias.")
    ] = None,
    model: ModelArgument = None,
    parameters: Annotated[str | None, typer.Option(metavar="NAME", help="Of parameters instead.")] = None,
    template: Annotated[str | None, typer.Option(metavar="NAME", help="Of a prompt template instead.")] = None,
    diff: DiffOption = None,
    limit: LimitOption = 20,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List the revisions of a configuration, newest first, also of one that was deleted."""
    if sum(name is not None for name in (provider, parameters, template)) != 1:
        raise typer.BadParameter("give a model, or --parameters, or --template")
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        if provider is not None:
            names: tuple[str, ...] = await ModelNames(provider, model).find(service)
            read: ReadHistory = service.revisions.history
        elif parameters is not None:
            names, read = (parameters,), service.revisions.parameters_history
        else:
            names, read = (template or "",), service.revisions.prompt_template_history
        return await show_history(read, names, diff, limit, terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


async def show_history(
    read: ReadHistory, names: tuple[str, ...], diff: str | None, limit: int, terminal: Terminal
) -> ExitCode:
    """Show the revisions of what has these names, at most `limit` of them, or what differs between two."""
    if diff is not None:
        return await _show_difference(read, names, diff, terminal)
    found = await read(*names, limit=limit + 1)
    if not found:
        terminal.warn(f"{'/'.join(names)} has no history")
    return _show(found, limit, terminal)


def _show(found: Sequence[Revision], limit: int, terminal: Terminal) -> ExitCode:
    shown = found[:limit]
    if terminal.as_json:
        terminal.write_json([_facts(revision) for revision in shown])
        return ExitCode.OK
    changes = [changes_between(older, newer) for newer, older in pairwise(found)]
    told = ["; ".join(map(describe_change, each)) for each in changes] + [""]
    rows = [(*_row(revision), text) for revision, text in zip(shown, told, strict=False)]
    if rows:
        print_table(_COLUMNS, rows, (0,))
    return ExitCode.OK


async def _show_difference(read: ReadHistory, names: tuple[str, ...], span: str, terminal: Terminal) -> ExitCode:
    from core.llms.provider_config.errors import ConfigNotFoundError

    first, _, last = span.partition("..")
    found = []
    for number in (first, last):
        revisions = await read(*names, limit=1, **({"before": int(number) + 1} if number else {}))
        if not revisions or (number and revisions[0].number != int(number)):
            raise ConfigNotFoundError(f"{'/'.join(names)} has no revision {number}; `history` lists them")
        found += revisions
    changes = changes_between(*found)
    if terminal.as_json:
        terminal.write_json([change_facts(change) for change in changes])
    elif changes:
        terminal.write("".join(f"{describe_change(change)}\n" for change in changes))
    else:
        terminal.note(f"revisions {found[0].number} and {found[1].number} say the same")
    return ExitCode.OK


def changes_between(older: Revision, newer: Revision) -> tuple[FieldChange, ...]:
    """Return what differs between two revisions, with what may be a secret masked."""
    from core.llms.provider_config.revisions.differences import compare

    return compare(_masked(older.content), _masked(newer.content))


def describe_change(change: FieldChange) -> str:
    """Say in a few words what became of a field."""
    return f"{change.field}: {change.before!r} -> {change.after!r}"


def change_facts(change: FieldChange) -> dict[str, Any]:
    """Return a change as JSON has it."""
    return {"field": change.field, "before": change.before, "after": change.after}


def _masked(content: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if content is None else mask(content)


def _row(revision: Revision) -> tuple[str, ...]:
    return str(revision.number), f"{revision.at:%Y-%m-%d %H:%M:%S}", revision.actor, revision.action


def _facts(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "at": revision.at.isoformat(),
        "actor": revision.actor,
        "action": revision.action,
        "content": _masked(revision.content),
    }
