"""Whether and how long the simulated Gemini thinks, and which ways of asking for it a model takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.google.errors import ApiError

if TYPE_CHECKING:
    from core.llms.simulator.google.models import Model

_LEVEL_TOKENS = {"MINIMAL": 0, "LOW": 32, "MEDIUM": 64, "HIGH": 128}
_BUDGETED_TOKENS = 128
_AUTOMATIC = -1


@dataclass(frozen=True, slots=True)
class ThinkingPlan:
    """How many tokens are thought (0: none), and whether the thoughts are shown."""

    tokens: int
    is_shown: bool

    @property
    def is_on(self) -> bool:
        """Whether there is any thinking."""
        return self.tokens > 0


def plan_thinking(config: dict[str, Any], model: Model) -> ThinkingPlan:
    """What a request asks for, or leaves to the model; at most half of the limit of tokens is thought."""
    wanted = config.get("thinkingConfig") or {}
    most = max(1, config.get("maxOutputTokens", model.output_limit) // 2)
    return ThinkingPlan(min(_tokens(wanted, model), most), bool(wanted.get("includeThoughts")))


def check_thinking(config: dict[str, Any], model: Model) -> None:
    """Check level and budget against the model. Raises: ApiError."""
    wanted = config.get("thinkingConfig")
    if not wanted:
        return
    budget, level = wanted.get("thinkingBudget"), _level(wanted)
    if budget is not None and level is not None:
        raise ApiError("You can only set only one of thinking budget and thinking level.")
    if level is not None and not model.levels:
        raise ApiError("Thinking level is not supported for this model.")
    if level is not None and level not in model.levels:
        message = f"Thinking level {level} is not supported for this model. Please retry with other thinking level."
        raise ApiError(message)
    if budget is not None:
        _check_budget(budget, model)
    if wanted.get("includeThoughts") and budget == 0:
        raise ApiError("Thinking_config.include_thoughts is only enabled when thinking is enabled.")


def _check_budget(budget: int, model: Model) -> None:
    if budget == 0 and not model.can_rest:
        raise ApiError("Budget 0 is invalid. This model only works in thinking mode.")
    lowest, highest = model.budget or (1, model.output_limit)
    if budget not in (_AUTOMATIC, 0) and not lowest <= budget <= highest:
        least = 0 if model.can_rest and lowest == 1 else lowest
        message = f"The thinking budget {budget} is invalid. Please choose a value between {least} and {highest}."
        raise ApiError(message)


def _tokens(wanted: dict[str, Any], model: Model) -> int:
    budget = wanted.get("thinkingBudget")
    if budget is not None:
        return _BUDGETED_TOKENS if budget == _AUTOMATIC else min(budget, _BUDGETED_TOKENS)
    if model.levels:
        return _LEVEL_TOKENS[_level(wanted) or model.default_level]
    return 0 if model.rests_by_default else _BUDGETED_TOKENS


def _level(wanted: dict[str, Any]) -> str | None:
    level = wanted.get("thinkingLevel", "THINKING_LEVEL_UNSPECIFIED")
    return None if level == "THINKING_LEVEL_UNSPECIFIED" else level
