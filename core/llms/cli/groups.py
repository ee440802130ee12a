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

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands under the headings that they were given, in plain text, too."""
        sections: dict[str, list[tuple[str, str]]] = {}
        width = formatter.width - 6 - max(map(len, self.commands))
        for name, command in self.commands.items():
            heading = getattr(command, "rich_help_panel", None)
            heading = heading if isinstance(heading, str) else "Commands"
            sections.setdefault(heading, []).append((name, command.get_short_help_str(width)))
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
