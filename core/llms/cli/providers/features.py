"""`core-llms providers features`, or `providers` alone: what each provider can do, found out from the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.marked_text import remake
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.tables import print_facts, print_table
from core.llms.cli.terminal import Terminal
from core.llms.create import list_providers

if TYPE_CHECKING:
    from core.llms.features import ProviderFeatures

_PAGES: Final = "docs/providers"


def features(
    provider: Annotated[str | None, typer.Argument(help="One provider only.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write Markdown, as the pages have it.")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="With --markdown: the short table alone.")] = False,
    pages: Annotated[str, typer.Option(help="With --markdown: the folder of the providers' pages.")] = _PAGES,
    update: Annotated[
        list[Path] | None, typer.Option(help="Write anew what is between this command's marks in a file; repeatable.")
    ] = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show what each provider can do. It is found out from the package itself: nothing is sent, no key is needed."""
    terminal = Terminal(as_json=json, debug=debug)
    if sum((markdown, json, update is not None)) > 1:
        raise typer.BadParameter("give one of --markdown, --json and --update")
    if update is not None:
        return guard(lambda: _update(update, terminal), terminal)
    if markdown:
        return guard(lambda: _write_markdown(provider, brief, pages, terminal), terminal)
    return guard(lambda: _show(provider, terminal), terminal)


def _show(provider: str | None, terminal: Terminal) -> ExitCode:
    from core.llms.cli.feature_tables import LEGEND, feature_facts, provider_rows, table_rows

    found = _find(provider)
    if terminal.as_json:
        terminal.write_json([feature_facts(one) for one in found])
    elif provider is not None:
        print_facts(dict(provider_rows(found[0])))
    else:
        print_table(*table_rows(found))
        terminal.note(LEGEND.replace("✓", "yes:").replace("–", "no:").replace("?", "?:"))
    return ExitCode.OK


def _write_markdown(provider: str | None, brief: bool, pages: str, terminal: Terminal) -> ExitCode:
    terminal.write(make_markdown(provider, brief=brief, pages=pages))
    return ExitCode.OK


def make_markdown(provider: str | None, *, brief: bool = False, pages: str = _PAGES) -> str:
    """Write what providers can do, as the README (`brief`), the page of all features, or a provider's page has it."""
    from core.llms.cli.feature_tables import render_brief, render_full, render_one

    found = _find(provider)
    if provider is not None:
        return render_one(found[0])
    return render_brief(found, pages) if brief else render_full(found, pages)


@cache
def _find(provider: str | None) -> list[ProviderFeatures]:
    # Every provider's connector is loaded with it, which `--help` must not wait for.
    from core.llms.features import find_features

    names = list_providers() if provider is None else [provider]
    return sorted((find_features(name) for name in names), key=lambda one: one.display_name.lower())


def _update(paths: list[Path], terminal: Terminal) -> ExitCode:
    for path in paths:
        text = path.read_text(encoding="utf-8")
        try:
            made = remake(text, make_marked)
        except ValueError as error:
            raise typer.BadParameter(f"{path}: {error}", param_hint="--update") from error
        if made != text:
            path.write_text(made, encoding="utf-8")
            terminal.note(f"{path}: written anew")
    return ExitCode.OK


def make_marked(arguments: list[str]) -> str:
    """Write what a mark's arguments ask for: an optional provider, `--brief`, and `--pages` with a folder."""
    rest = iter(argument for argument in arguments if argument != "--markdown")
    provider, brief, pages = None, False, _PAGES
    for argument in rest:
        match argument:
            case "--brief":
                brief = True
            case "--pages":
                pages = next(rest, "")
            case _ if not argument.startswith("-"):
                provider = argument
            case _:
                raise ValueError(f"a mark takes --markdown, --brief and --pages, not {argument!r}")
    return make_markdown(provider, brief=brief, pages=pages)
