"""The Typer application: which commands there are, what `--help` says beside them, and errors of usage."""

from __future__ import annotations

from typing import Annotated

import typer

from core.llms.cli.ask import ask
from core.llms.cli.catalog import catalog
from core.llms.cli.configs import configs
from core.llms.cli.cost import cost
from core.llms.cli.db import db
from core.llms.cli.exit_codes import ExitCode, render_exit_codes
from core.llms.cli.failures import describe_usage, error_facts, usage_error_class
from core.llms.cli.models import models
from core.llms.cli.new_provider import new_provider
from core.llms.cli.providers import providers
from core.llms.cli.serve_config import serve_config
from core.llms.cli.simulate import simulate
from core.llms.cli.terminal import Terminal
from core.llms.cli.usage import usage

_NAME = "core-llms"

# Plain help: Rich, which would frame it, takes longer to load than all the rest.
app = typer.Typer(
    name=_NAME, rich_markup_mode=None, pretty_exceptions_enable=False, epilog=render_exit_codes(),
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
app.command(epilog=render_exit_codes())(ask)
app.add_typer(models, name="models")
app.command()(cost)
app.add_typer(catalog, name="catalog")
app.add_typer(providers, name="providers")
app.command("new-provider")(new_provider)
app.command()(simulate)
app.command()(usage)
app.add_typer(configs, name="configs")
app.add_typer(db, name="db")
app.command("serve-config")(serve_config)


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
