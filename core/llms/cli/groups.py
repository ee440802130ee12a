"""Groups of commands of which one is meant where none is named."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from typer.core import TyperGroup

LIST: Final = "list"
FEATURES: Final = "features"
_HELP: Final = ("--help", "-h")


class ListingGroup(TyperGroup):
    """Takes `models azure` for `models list azure`, and `models` alone for `models list`."""

    meant: ClassVar[str] = LIST

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        if first not in self.commands and first not in _HELP:
            args = [self.meant, *args]
        return super().parse_args(ctx, args)


class FeaturesGroup(ListingGroup):
    """Takes `providers groq` for `providers features groq`, and `providers` alone for `providers features`."""

    meant: ClassVar[str] = FEATURES
