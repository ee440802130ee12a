"""The benchmark's figures as one table, each beside its ratio to aiohttp by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: its name with the unit, and the figure of each client by title."""

    name: str
    figures: Mapping[str, float]
    larger_is_better: bool = False

    @property
    def ratios(self) -> dict[str, float]:
        """Each figure over the first client's."""
        yardstick = next(iter(self.figures.values()))
        return {title: figure / yardstick if yardstick else 0.0 for title, figure in self.figures.items()}


def render_table(rows: list[Row], steps: Mapping[str, float]) -> str:
    """Write the table, and under it the single steps."""
    titles = list(rows[0].figures)
    header = ["", *titles]
    body = [[row.name, *_cells(row)] for row in rows]
    widths = [max(len(line[column]) for line in [header, *body]) for column in range(len(header))]
    lines = ["  ".join(_pad(line, widths)).rstrip() for line in [header, *body]]
    name_width = max(len(name) for name in steps)
    lines += ["", "core-llms, single steps (µs of CPU)"]
    lines += [f"{name:{name_width}}  {figure:7.2f}" for name, figure in steps.items()]
    return "\n".join(lines)


def _cells(row: Row) -> Iterator[str]:
    for index, (title, figure) in enumerate(row.figures.items()):
        ratio = "" if index == 0 else f" ({row.ratios[title]:.2f}×)"
        yield f"{_number(figure)}{ratio}"


def _number(figure: float) -> str:
    if abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 10 else f"{figure:.2f}"


def _pad(line: list[str], widths: list[int]) -> Iterator[str]:
    for column, (cell, width) in enumerate(zip(line, widths, strict=True)):
        yield cell.ljust(width) if column == 0 else cell.rjust(width)
