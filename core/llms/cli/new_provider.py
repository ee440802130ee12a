"""`core-llms new-provider`: a provider's room with its tests and its page, in a checkout of this package."""

from __future__ import annotations

import os
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.terminal import Terminal
from core.llms.create import list_providers

if TYPE_CHECKING:
    from core.llms.cli.scaffold import Plan

_TABLES: Final = ("README.md", "docs/features.md")
_PATIENCE_SECONDS: Final = 120


class Like(StrEnum):
    """What a new provider's wire is like."""

    OPENAI_COMPATIBLE = "openai_compatible"
    OWN_WIRE = "own-wire"


def new_provider(
    name: Annotated[str, typer.Argument(help="The name in code and in provider/model, such as lumen.")],
    like: Annotated[Like, typer.Option(help="Speaks OpenAI's chat completions, or a wire of its own.")],
    title: Annotated[str | None, typer.Option(help="The name for people; by default made of NAME.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Where the API is; by default an example's address.")] = None,
    directory: Annotated[Path, typer.Option(help="The root of the checkout.")] = Path(),
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Write a new provider's room, its row in the contract, its tests and its page: all of it, or nothing."""
    terminal = Terminal(as_json=json, debug=debug)
    address = base_url or f"https://api.{name.replace('_', '-')}.example/v1"
    called = title or name.replace("_", " ").title()
    return guard(lambda: _write(name, like, called, address, directory, terminal), terminal)


def _write(name: str, like: Like, title: str, base_url: str, directory: Path, terminal: Terminal) -> ExitCode:
    from core.llms.cli.scaffold import Provider, ScaffoldError, plan_room

    root = directory.resolve()
    try:
        if name in list_providers():
            raise ScaffoldError(f"a provider called {name!r} is there already")
        kind: Any = like.value.replace("-", "_")
        plan = plan_room(Provider(name, title, base_url), kind, root)
    except ScaffoldError as error:
        raise typer.BadParameter(str(error)) from error
    pages = [*_TABLES, f"docs/providers/{name}.md"]
    plan.write(lambda: _write_tables(root, pages), remade=_TABLES)
    _report(name, like, plan, terminal)
    return ExitCode.OK


def _write_tables(root: Path, pages: list[str]) -> None:
    """Write the tables of the pages anew, by the checkout's own code, which has the new room."""
    options = [option for page in pages for option in ("--update", page)]
    command = [sys.executable, "-m", "core.llms.cli", "providers", *options]
    done = subprocess.run(  # noqa: S603 - our own command, without a shell
        command,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the tables of the pages could not be made, nothing is left: {done.stderr.strip()[-500:]}")


def _report(name: str, like: Like, plan: Plan, terminal: Terminal) -> None:
    written, changed = sorted(plan.created), sorted({*plan.changed, *_TABLES})
    if terminal.as_json:
        terminal.write_json({"provider": name, "written": written, "changed": changed})
        return
    for path in written:
        terminal.write(f"wrote    {path}\n")
    for path in changed:
        terminal.write(f"changed  {path}\n")
    wire = f"core/llms/wires/{name}/" if like is Like.OWN_WIRE else f"core/llms/providers/{name}/base_implementation.py"
    for step in (
        f"run the contract: pytest tests/contract tests/unit/providers/{name} -k {name}",
        f"make the wire the vendor's: {wire}, and its replies in tests/contract/providers/{name}.py",
        f"list models: core/llms/providers/{name}/models/ (docs/adding-a-model.md)",
        "write the tables anew whenever what it can do has changed: make tables",
    ):
        terminal.note(f"next: {step}")
