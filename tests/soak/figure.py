"""What a soak measures: a promise, the figure that came out, and whether the promise was held.

A module of this folder has `async def measure(share: float) -> list[Figure]`, where a share of 1 is the full size, and
stands in `FIGURES` of `__main__`. It runs in a process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One promise and what became of it."""

    name: str
    promise: str
    measured: str
    held: bool


def render_table(figures: Sequence[Figure]) -> str:
    """Show figures side by side with their promises, in Markdown."""
    rows = [f"| {one.name} | {one.promise} | {one.measured} | {'yes' if one.held else '**no**'} |" for one in figures]
    return "\n".join(["| what | promised | measured | held |", "|---|---|---|---|", *rows])
