"""Groups whose commands are loaded when they are run, or listed by `--help`: start-up is paid for one command alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
import typer.main
from typer.core import TyperGroup


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is: a module, and in it a function, or a `typer.Typer` for a group of its own.

    `heading` is that under which `--help` lists it; `epilog` ends the help of a function.
    """

    module: str
    attribute: str
    heading: str | None = None
    epilog: str | None = None

    def load(self, name: str) -> Any:
        """Import the command and make it what the parser wants."""
        found = getattr(import_module(self.module), self.attribute)
        if isinstance(found, typer.Typer):
            group = typer.main.get_group(found)
            group.name, group.rich_help_panel = name, self.heading
            return group
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name, epilog=self.epilog, rich_help_panel=self.heading)(found)
        return typer.main.get_command(alone)


class LazyGroup(TyperGroup):
    """Knows the names of its commands, and loads each when it is wanted."""

    places: ClassVar[Mapping[str, Place]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands: Any = _Commands(self.places)


class _Commands(Mapping[str, Any]):
    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self._places[name].load(name)
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
