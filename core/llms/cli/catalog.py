"""`core-llms catalog`: fetch newer lists of models and prices, say what is here, and take it away again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from core.llms.cli.catalog_tables import print_refresh, print_status, refresh_facts, status_facts
from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode, exit_code_for
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption, JsonOption, require_positive
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.catalog_refresh.refresh import RefreshOptions

catalog = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Newer facts of models than the package's own: fetch them, look at them, remove them.",
)
_MEBIBYTE = 1024 * 1024


def _parse_urls(given: list[str] | None) -> dict[str, str]:
    urls = dict(text.partition("=")[::2] for text in given or ())
    wrong = [text for text in given or () if "=" not in text]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} must look like litellm=https://…", param_hint="--url")
    return urls


@catalog.command()
def refresh(
    only: Annotated[
        list[str] | None, typer.Option("--list", help="This list alone: models.dev, litellm, genai-prices; repeatable.")
    ] = None,
    url: Annotated[list[str] | None, typer.Option(help="name=address of a mirror of a list; repeatable.")] = None,
    timeout: Annotated[float, typer.Option(callback=require_positive, help="Seconds for each list.")] = 30.0,
    max_megabytes: Annotated[int, typer.Option(min=1, help="The size of a list, unpacked.")] = 64,
    min_share: Annotated[
        float, typer.Option(min=0, max=1, help="The share of the known models that a list must have to be believed.")
    ] = 0.5,
    ca_file: Annotated[str | None, typer.Option(help="Authorities to trust instead of the system's.")] = None,
    trust_env: Annotated[bool, typer.Option("--trust-env", help="Use the proxy that HTTPS_PROXY names.")] = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Fetch what is newer, check it, and put it before the packaged catalogue. A list that did not change is not sent
    again; one that fails or cannot be believed changes nothing.
    """
    terminal = Terminal(as_json=json, debug=debug)
    urls = _parse_urls(url)

    def fetch() -> ExitCode:
        from core.llms.catalog_refresh.checks import Plausibility
        from core.llms.catalog_refresh.refresh import RefreshOptions
        from core.llms.providers.base.transport import TransportOptions

        options = RefreshOptions(
            lists=only or None, urls=urls, timeout_seconds=timeout, max_bytes=max_megabytes * _MEBIBYTE,
            plausibility=Plausibility(min_share=min_share),
            transport=TransportOptions(ca_file=ca_file, trust_env=trust_env),
        )  # fmt: skip
        return _refresh(options, terminal)

    return guard(fetch, terminal)


def _refresh(options: RefreshOptions, terminal: Terminal) -> ExitCode:
    from core.llms.catalog_refresh.refresh import try_refresh

    report = run(try_refresh(options))
    if terminal.as_json:
        terminal.write_json(refresh_facts(report))
    else:
        print_refresh(report, terminal)
    errors = [failure.error for failure in report.failures if failure.error is not None]
    for error in errors:
        terminal.error(str(error))
    return exit_code_for(errors[0]) if errors else ExitCode.OK


@catalog.command()
def status(json: JsonOption = False, debug: DebugOption = False) -> int:
    """Show what the facts of models are of, and since when."""
    terminal = Terminal(as_json=json, debug=debug)
    return guard(lambda: _status(terminal), terminal)


def _status(terminal: Terminal) -> ExitCode:
    from core.llms.catalog_refresh.status import catalog_status

    found = catalog_status()
    if terminal.as_json:
        terminal.write_json(status_facts(found))
    else:
        print_status(found, terminal)
    return ExitCode.OK


@catalog.command()
def clear(json: JsonOption = False, debug: DebugOption = False) -> int:
    """Remove what was refreshed: the packaged catalogue is used alone."""
    terminal = Terminal(as_json=json, debug=debug)
    return guard(lambda: _clear(terminal), terminal)


def _clear(terminal: Terminal) -> ExitCode:
    from core.llms.catalog_refresh.status import clear_catalog

    removed = [str(path) for path in clear_catalog()]
    if terminal.as_json:
        terminal.write_json({"removed": removed})
    else:
        terminal.write("".join(f"removed {path}\n" for path in removed) or "nothing was refreshed\n")
    return ExitCode.OK
