"""The Typer application: which commands there are, what `--help` says beside them, and errors of usage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import typer

from core.llms.cli.exit_codes import ExitCode, render_exit_codes
from core.llms.cli.failures import describe_usage, error_facts, usage_error_class
from core.llms.cli.lazy import LazyGroup, Place
from core.llms.cli.terminal import Terminal

_NAME = "core-llms"


class _Commands(LazyGroup):
    """In the order of `--help`."""

    places: ClassVar[Mapping[str, Place]] = {
        "ask": Place("core.llms.cli.ask", "ask", epilog=render_exit_codes()),
        "models": Place("core.llms.cli.models", "models"),
        "cost": Place("core.llms.cli.cost", "cost"),
        "catalog": Place("core.llms.cli.catalog", "catalog"),
        "providers": Place("core.llms.cli.providers", "providers"),
        "new-provider": Place("core.llms.cli.new_provider", "new_provider"),
        "simulate": Place("core.llms.cli.simulate", "simulate"),
        "usage": Place("core.llms.cli.usage", "usage"),
        "configs": Place("core.llms.cli.configs", "configs"),
        "db": Place("core.llms.cli.db", "db"),
        "serve-config": Place("core.llms.cli.serve_config", "serve_config"),
    }


# Plain help: Rich, which would frame it, takes longer to load than all the rest.
app = typer.Typer(
    name=_NAME, cls=_Commands, rich_markup_mode=None, pretty_exceptions_enable=False, epilog=render_exit_codes(),
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def _show_version(wanted: bool) -> None:
    if wanted:
        from core.llms import __version__

        typer.echo(f"{_NAME} {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Ask large language models, list them, and simulate them. Credentials come from the environment."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(ExitCode.USAGE)


def run_app(arguments: list[str]) -> int:
    """Run the application and return its exit code."""
    try:
        code = app(arguments, prog_name=_NAME, standalone_mode=False)
    except usage_error_class() as error:
        return _report_usage(error, Terminal(as_json="--json" in arguments))
    except typer.Abort:
        return ExitCode.INTERRUPTED
    return int(code or ExitCode.OK)


def _report_usage(error: Exception, terminal: Terminal) -> ExitCode:
    command = getattr(getattr(error, "ctx", None), "command_path", _NAME)
    if terminal.as_json:
        terminal.write_json({"error": error_facts(error)})
    terminal.error(f"{describe_usage(error)} (see `{command} --help`)")
    return ExitCode.USAGE
