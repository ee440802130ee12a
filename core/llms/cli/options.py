"""The options that several commands share, and checks of their values."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer


def require_positive(value: float | None) -> float | None:
    """Check a number of seconds. Raises `typer.BadParameter`."""
    if value is not None and not 0 < value < float("inf"):
        raise typer.BadParameter("it must be more than 0 seconds, and finite")
    return value


JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Write JSON to stdout, one line.")]
DebugOption: TypeAlias = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
BaseUrlOption: TypeAlias = Annotated[str | None, typer.Option(help="Another address of the provider's API.")]
TimeoutOption: TypeAlias = Annotated[
    float | None, typer.Option(callback=require_positive, help="Seconds for the whole call, retries included.")
]
