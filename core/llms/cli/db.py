"""`core-llms db`: the database that `CORE_LLMS_DATABASE_URL` names, and the revision of its tables."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.storage.database import Database

db = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Look after the database that CORE_LLMS_DATABASE_URL names, else an SQLite file among the user's data.",
)


@db.command()
def upgrade(
    revision: Annotated[str, typer.Argument(help="The revision to reach.")] = "head",
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Make the tables, or bring them up to date. Data stay; several processes may do it at once."""
    return _with_database(lambda database: database.upgrade(revision), Terminal(as_json=json, debug=debug))


@db.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="The revision to go back to; `base` is before the first.")],
    yes: Annotated[bool, typer.Option("--yes", help="Lose what only the newer tables hold.")] = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Take the tables back to an older revision. What only the newer ones hold is lost."""
    if not yes:
        raise typer.BadParameter("what only the newer tables hold would be lost; give --yes if it may be")
    return _with_database(lambda database: database.downgrade(revision), Terminal(as_json=json, debug=debug))


@db.command()
def current(json: JsonOption = False, debug: DebugOption = False) -> int:
    """Show the revision that the tables are at, and the newest that this version knows."""
    return _with_database(lambda database: database.current_revision(), Terminal(as_json=json, debug=debug))


@db.command()
def url(json: JsonOption = False, debug: DebugOption = False) -> int:
    """Show where the database is, without its password. Nothing is opened."""
    terminal = Terminal(as_json=json, debug=debug)

    def show() -> ExitCode:
        from core.llms.storage.urls import URL_VARIABLE, resolve_url

        resolved = resolve_url()
        source = URL_VARIABLE if os.environ.get(URL_VARIABLE) else "default"
        facts = {"url": resolved.shown, "driver": resolved.driver, "source": source}
        _show(facts, f"{resolved.shown}\n", terminal)
        return ExitCode.OK

    return guard(show, terminal)


def _with_database(action: Callable[[Database], Awaitable[str | None]], terminal: Terminal) -> int:
    async def act() -> ExitCode:
        from core.llms.storage.database import Database
        from core.llms.storage.migrations import HEAD

        async with Database() as database:
            revision = await action(database)
        facts = {"url": database.url.shown, "revision": revision, "newest": HEAD, "is_current": revision == HEAD}
        state = "" if revision == HEAD else f" (the newest is {HEAD}: run `core-llms db upgrade`)"
        _show(facts, f"{revision or 'no tables'}{state}\n", terminal)
        return ExitCode.OK

    return guard(lambda: run(act()), terminal)


def _show(facts: dict[str, Any], line: str, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.write_json(facts)
    else:
        terminal.write(line)
