"""How much the model thinks, and whether it shows it: effort as a level, or as a budget of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import UnsupportedParameterError
from core.llms.types.parameters import PARAM_REASONING_EFFORT, PARAM_REASONING_SUMMARY
from core.llms.wires.gemini.dialect import GeminiDialect

_LEVELS: Final = {"minimal": "MINIMAL", "low": "LOW", "medium": "MEDIUM", "high": "HIGH", "xhigh": "XHIGH"}
# The vendor's own table for `reasoning_effort` at its OpenAI-compatible address (ai.google.dev, 2026).
_BUDGETS: Final = {"minimal": 1_024, "low": 1_024, "medium": 8_192, "high": 24_576}


def render_thinking(params: Mapping[str, Any], dialect: GeminiDialect, warnings: list[str]) -> dict[str, Any]:
    """Write `thinkingConfig`, empty where nothing is said of it.

    Effort on models with levels: each is the level of its name; `max` goes out as XHIGH, the highest, with a warning;
    `none` is refused, since they always think. On models with a budget: `none` is 0, `minimal` and `low` 1,024,
    `medium` 8,192, `high` 24,576 tokens, `xhigh` and `max` the model's largest, all kept within the model's limits.
    Any `reasoning_summary` asks for the thoughts to be shown; without one they are not. With `none` it is left out with
    a warning: the vendor refuses to show what is not there. Raises `UnsupportedParameterError`.
    """
    config: dict[str, Any] = {}
    effort = params.get(PARAM_REASONING_EFFORT)
    if params.get(PARAM_REASONING_SUMMARY) is not None:
        if effort == "none":
            warnings.append(
                "`reasoning_summary` was left out: with reasoning_effort='none' there are no thoughts to show"
            )
        else:
            config["includeThoughts"] = True
    if effort is None:
        return config
    if dialect.thinking == "level":
        config["thinkingLevel"] = _find_level(effort, warnings)
    else:
        config["thinkingBudget"] = _find_budget(effort, dialect.thinking_budgets)
    return config


def _find_level(effort: str, warnings: list[str]) -> str:
    if effort == "none":
        raise UnsupportedParameterError(
            "`reasoning_effort='none'` is not possible: this model always thinks; use its lowest effort"
        )
    if effort == "max":
        warnings.append("reasoning_effort='max' went out as thinkingLevel XHIGH, the highest there is")
    return _LEVELS.get(effort, "XHIGH")


def _find_budget(effort: str, limits: tuple[int, int]) -> int:
    lowest, highest = limits
    if effort == "none":
        if lowest:
            raise UnsupportedParameterError(
                f"`reasoning_effort='none'` is not possible: this model thinks with at least {lowest} tokens"
            )
        return 0
    return min(max(_BUDGETS.get(effort, highest), lowest), highest)
