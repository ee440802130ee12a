"""The benchmark's figures as tables, each beside its ratio to aiohttp by hand and how far the ratio spread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

NOT_INSTALLED = "not installed"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A client's figure over the yardstick's, round by round: the median, and the quartiles around it."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: its name with the unit, and by client's title the median figure and the ratio.

    A client that is not installed has neither.
    """

    name: str
    titles: tuple[str, ...]
    figures: Mapping[str, float]
    ratios: Mapping[str, Ratio]


def compare(name: str, samples: Mapping[str, Sequence[float]], titles: Sequence[str]) -> Row:
    """Make a row of the samples of each client, of which the first is the yardstick; one sample a round."""
    yardstick = samples[titles[0]]
    ratios = {
        title: _ratio([figure / unit for figure, unit in zip(samples[title], yardstick, strict=False) if unit])
        for title in titles
        if title in samples
    }
    return Row(name, tuple(titles), {title: median(samples[title]) for title in ratios}, ratios)


def _ratio(ratios: Sequence[float]) -> Ratio:
    if len(ratios) < 2:
        single = ratios[0] if ratios else 0.0
        return Ratio(single, single, single)
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return Ratio(middle, low, high)


def render_table(vendor: str, rows: Sequence[Row]) -> str:
    """Write the table of one vendor's clients."""
    header = [vendor, *rows[0].titles]
    body = [[row.name, *_cells(row)] for row in rows]
    widths = [max(len(line[column]) for line in [header, *body]) for column in range(len(header))]
    return "\n".join("  ".join(_pad(line, widths)).rstrip() for line in [header, *body])


def render_steps(steps: Mapping[str, float], goals: Mapping[str, float]) -> str:
    """Write the list of single steps, those that have a goal with it."""
    width = max(len(name) for name in steps)
    lines = [f"{name:{width}}  {figure:7.2f}{_beside_goal(figure, goals.get(name))}" for name, figure in steps.items()]
    return "\n".join(["core-llms, single steps (µs of CPU)", *lines])


def _beside_goal(figure: float, goal: float | None) -> str:
    if goal is None:
        return ""
    return f"  (goal: under {goal:,.0f}{'' if figure < goal else '; missed'})"


def _cells(row: Row) -> Iterator[str]:
    for index, title in enumerate(row.titles):
        if title not in row.figures:
            yield NOT_INSTALLED
            continue
        ratio = row.ratios[title]
        spread = "" if ratio.low == ratio.high else f" {ratio.low:.2f}–{ratio.high:.2f}"
        yield _number(row.figures[title]) + (f" ({ratio.median:.2f}×{spread})" if index else "")


def _number(figure: float) -> str:
    if abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 10 else f"{figure:.2f}"


def _pad(line: list[str], widths: list[int]) -> Iterator[str]:
    for column, (cell, width) in enumerate(zip(line, widths, strict=True)):
        yield cell.ljust(width) if column == 0 else cell.rjust(width)
