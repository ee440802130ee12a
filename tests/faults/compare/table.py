"""The table of verdicts: a line for each fault, a column for each library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.faults.compare.judging import RIGHT
from tests.faults.matrix.table import MATRIX


@dataclass(frozen=True)
class Run:
    """How one library's call, or stream, ended by one fault."""

    number: int
    streamed: bool
    verdict: str


def render(runs: Mapping[str, Sequence[Run]], numbers: Sequence[int]) -> str:
    """Show the verdicts side by side in Markdown, with how many faults each library met rightly."""
    lines = [f"| fault | right is | {' | '.join(runs)} |", "|---|---|" + "---|" * len(runs)]
    for number in numbers:
        cells = [_cell([run for run in of_library if run.number == number]) for of_library in runs.values()]
        lines.append(f"| {number} {MATRIX[number]} | {RIGHT[number].words} | {' | '.join(cells)} |")
    totals = [str(sum(_is_right(of_library, number) for number in numbers)) for of_library in runs.values()]
    lines.append(f"| **right, of {len(numbers)}** | | {' | '.join(totals)} |")
    return "\n".join(lines)


def _is_right(runs: Sequence[Run], number: int) -> bool:
    return all(run.verdict == "right" for run in runs if run.number == number)


def _cell(runs: Sequence[Run]) -> str:
    verdicts = {run.verdict for run in runs}
    if len(verdicts) == 1:
        return verdicts.pop()
    return "; ".join(f"{'streamed' if run.streamed else 'call'}: {run.verdict}" for run in runs)
