"""Fits the figures of `core.llms.runtime.tokens.calibration` to the recorded prompts, and says how far off they are.

Run `python -m tests.wires.token_fit` with CORE_LLMS_CORPUS set; it takes about a minute. The error of a prompt is that
by the figures which fit all the other prompts of its family.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from core.llms.runtime.tokens.calibration import CALIBRATIONS, Calibration, find_calibration
from core.llms.runtime.tokens.counting import count_chat_tokens
from core.llms.runtime.tokens.estimating import Estimator
from core.llms.types.content import ToolCall
from tests.wires.corpus import load_exchanges
from tests.wires.prompts import Prompt, read_prompt

Figures: TypeAlias = tuple[float, ...]
_LONG: Final = 150
_NOTHING: Final = Calibration("nothing", "", 1.0, 0, 0, 0, 1.0, 0)


@dataclasses.dataclass(frozen=True)
class Row:
    """A prompt in numbers: o200k_base tokens of texts, calls and results, and of tools; how many there are of each."""

    name: str
    text: int
    tools_text: int
    messages: int
    tools: int
    calls: int
    reported: int

    def error(self, figures: Figures) -> float:
        """The relative error of an estimate by text factor, prompt, message, tools, tools factor and call."""
        factor, prompt, message, tools, tools_factor, call = figures
        estimate = factor * self.text + prompt + message * self.messages + call * self.calls
        if self.tools:
            estimate += tools + tools_factor * self.tools_text
        return abs(round(estimate) - self.reported) / self.reported


def load_rows() -> dict[str, list[Row]]:
    """Read every whole prompt of a family without an encoding of its own."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for prompt in filter(None, map(read_prompt, load_exchanges())):
        calibration = find_calibration(prompt.model)
        if calibration is not None and calibration.names:
            rows[calibration.family].append(_row(prompt))
    return rows


def _row(prompt: Prompt) -> Row:
    plain = Estimator(prompt.model, _NOTHING)
    plain.add_messages(prompt.messages)
    plain.add_tools(prompt.tools)
    count = plain.result()
    calls = sum(isinstance(part, ToolCall) for message in prompt.messages for part in message.parts)
    definitions = Estimator(prompt.model, _NOTHING)
    definitions.add_tools(prompt.tools)
    tools_text = definitions.result().tokens
    text = count.tokens - tools_text
    return Row(prompt.name, text, tools_text, len(prompt.messages), len(prompt.tools), calls, prompt.reported)


def fit(rows: Sequence[Row], base: Figures | None = None) -> Figures:
    """Fit the first three figures to prompts without tools, then the others to those with tools."""
    plain, tooled = [row for row in rows if not row.tools], [row for row in rows if row.tools]
    factors: Iterable[float] = (1.05,)
    if any(row.text > _LONG for row in plain):
        factors = (1.0, 1.04, 1.08, 1.12, 1.16, 1.2, 1.24)
    if base is None:
        base = _best(plain, itertools.product(factors, range(90), range(12), (0,), (1.0,), (0,)), _plain_cost)[:3]
    shrinks = any(row.reported < row.text + row.tools_text for row in tooled)
    tools_factors = (0.3, 0.5, 0.7, 0.9, 1.0) if shrinks else (1.0,)
    grid = ((*base, *rest) for rest in itertools.product(range(0, 1500, 5), tools_factors, range(0, 130, 5)))
    return _best(tooled, grid, _tools_cost)


def _best(rows: Sequence[Row], grid: Iterable[Figures], cost: Callable[[Figures], float]) -> Figures:
    return min(grid, key=lambda figures: sum(row.error(figures) for row in rows) + 0.002 * cost(figures))


def _plain_cost(figures: Figures) -> float:
    factor, prompt, message, *_ = figures
    return abs(prompt - 4) / 4 + abs(message - 3) / 3 + abs(factor - 1.05) * 10


def _tools_cost(figures: Figures) -> float:
    _, _, _, tools, tools_factor, call = figures
    return abs(tools - 100) / 100 + abs(tools_factor - 1) * 3 + abs(call - 20) / 20


def left_out_errors(rows: Sequence[Row]) -> list[float]:
    """The error of each row by the figures that fit the others of its kind."""
    base = fit(rows)[:3]
    errors = []
    for row in rows:
        others = [other for other in rows if other is not row]
        errors.append(row.error(fit(others, base if row.tools else None)))
    return errors


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def measure(prompts: Iterable[Prompt]) -> list[float]:
    """Return the error of each prompt as the package counts it."""
    return [
        abs(count_chat_tokens(prompt.messages, model_id=prompt.model, tools=prompt.tools).tokens - prompt.reported)
        / prompt.reported
        for prompt in prompts
    ]


def render_table() -> str:
    """Render the errors of every family as Markdown."""
    lines = ["| family | prompts without tools | half | 95 | with tools | half | 95 |", "|---|---|---|---|---|---|---|"]
    for each in CALIBRATIONS:
        cells = [each.family]
        for errors in (each.plain, each.tooled):
            figures = (f"{errors.median}%", f"{errors.worst}%") if errors.prompts else ("-", "-")
            cells += [str(errors.prompts), *figures]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the figures and errors of each family."""
    for family, rows in load_rows().items():
        print(family, fit(rows))
        for kind in (False, True):
            of_kind = [row for row in rows if bool(row.tools) is kind]
            errors = [error for row, error in zip(rows, left_out_errors(rows), strict=True) if row in of_kind]
            median, worst = percentile(errors, 0.5), percentile(errors, 0.95)
            print(f"   {'tools' if kind else 'plain'}: Errors({len(of_kind)}, {median:.0%}, {worst:.0%})")


if __name__ == "__main__":
    main()
