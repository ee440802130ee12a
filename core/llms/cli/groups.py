"""Groups of commands of which one is meant where none is named."""

from __future__ import annotations

from typing import Any, Final

from typer.core import TyperGroup

LIST: Final = "list"
_HELP: Final = ("--help", "-h")


class ListingGroup(TyperGroup):
    """Takes `models azure` for `models list azure`, and `models` alone for `models list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first not in self.commands and first not in _HELP:
            args = [LIST, *args]
        return super().parse_args(ctx, args)
