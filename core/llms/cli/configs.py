"""`core-llms configs`: the aliases that there are, one of them in full, and files of aliases checked, all offline."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.groups import LIST, ListingGroup
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.tables import describe_retirement, print_facts, print_table
from core.llms.cli.terminal import Terminal
from core.llms.create import list_providers

if TYPE_CHECKING:
    from core.llms.configs import BaseModelConfig, ConfigRegistry

_COLUMNS = ("alias", "provider", "model", "retired", "what it is")
_FileOption: TypeAlias = Annotated[
    list[Path] | None, typer.Option("--file", "-f", help="A file whose aliases are there, too; repeatable.")
]

configs = typer.Typer(
    cls=ListingGroup, rich_markup_mode=None, help="List the aliases of models, show one, or check a file of them."
)


@configs.command(LIST)
def list_configs(
    provider: Annotated[str | None, typer.Argument(help="One provider only.")] = None,
    file: _FileOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List the aliases: those of the package, and those of files."""
    terminal = Terminal(as_json=json, debug=debug)

    def act() -> ExitCode:
        found = [_brief(config()) for config in _load(file, terminal).values()]
        found = [facts for facts in found if provider in (None, facts["provider"])]
        if terminal.as_json:
            terminal.write_json(found)
        elif found:
            print_table(_COLUMNS, map(_cells, found))
        else:
            terminal.warn("no alias is one of this provider's")
        return ExitCode.OK

    return guard(act, terminal)


@configs.command("show")
def show_config(
    alias: Annotated[str, typer.Argument(help="As in gpt-4.1-mini.")],
    file: _FileOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show what one alias stands for: provider, model, parameters, and the variable that the key comes from."""
    terminal = Terminal(as_json=json, debug=debug)

    def act() -> ExitCode:
        from core.llms.configs import resolve_config

        config = resolve_config(_load(file, terminal), alias)()
        facts = {**_brief(config), "api_key_env": getattr(config, "api_key_env", None), **config.describe()}
        if terminal.as_json:
            terminal.write_json(facts)
        else:
            print_facts({name: value for name, value in facts.items() if value not in (None, False)})
        return ExitCode.OK

    return guard(act, terminal)


@configs.command("check")
def check_configs(
    file: Annotated[list[Path], typer.Argument(help="YAML or TOML.")],
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Check files of aliases against what is known of their models. No key is needed."""
    terminal = Terminal(as_json=json, debug=debug)

    def act() -> ExitCode:
        from core.llms.configs import check_file

        _show_warnings(terminal)
        results = [(path, *check_file(path)) for path in file]
        problems = [problem for _, _, found in results for problem in found]
        if terminal.as_json:
            facts = [{"place": each.place, "field": each.field, "problem": each.problem} for each in problems]
            aliases = [config.alias() for _, made, _ in results for config in made]
            terminal.write_json({"aliases": aliases, "problems": facts, "warnings": terminal.warnings})
        else:
            for problem in problems:
                terminal.error(str(problem))
            for path, made, found in results:
                if not found:
                    terminal.write(f"{path}: {len(made)} aliases, all fine\n")
        return ExitCode.CONFIGURATION if problems else ExitCode.OK

    return guard(act, terminal)


def _load(files: list[Path] | None, terminal: Terminal) -> ConfigRegistry:
    from core.llms.configs import CONFIG_REGISTRY, load_configs

    _show_warnings(terminal)
    for path in files or ():
        load_configs(path)
    return CONFIG_REGISTRY


def _show_warnings(terminal: Terminal) -> None:
    warnings.showwarning = lambda message, *_: terminal.warn(str(message))


def _brief(config: BaseModelConfig) -> dict[str, Any]:
    provider, model = getattr(config.caller_class(), "PROVIDER", None), config.describe().get("model")
    return {
        "alias": config.alias(),
        "provider": provider,
        "model": model,
        "retired": _retired(provider, model),
        "description": next(iter((type(config).__doc__ or "").splitlines()), ""),
    }


def _cells(facts: Mapping[str, Any]) -> list[str]:
    day = facts["retired"] and date.fromisoformat(facts["retired"])
    return [str(value or "") for value in {**facts, "retired": describe_retirement(day)}.values()]


def _retired(provider: str | None, model: Any) -> str | None:
    from core.llms.cli.model_facts import rooms_of
    from core.llms.providers.base.rooms import find_listed

    if provider not in list_providers() or not isinstance(model, str):
        return None
    metadata, _ = find_listed(provider, model, rooms_of(provider))
    day = None if metadata is None else metadata.RETIRED
    return None if day is None else day.isoformat()
