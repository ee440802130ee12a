"""Whether, how long and how visibly the simulated model thinks, and which ways of asking for it a model takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.errors import ApiError

if TYPE_CHECKING:
    from core.llms.simulator.anthropic.models import Model

# Adaptive thinking leaves room for the answer: it takes so many tokens, and at most half of `max_tokens`.
_ADAPTIVE_TOKENS = {"low": 16, "medium": 48, "high": 96, "xhigh": 256, "max": 512}
_BUDGETED_TOKENS = 448
_STEER = 'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
_LIMIT_GUIDE = "https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size"


@dataclass(frozen=True, slots=True)
class ThinkingPlan:
    """How many tokens are thought (0: none), and whether the thoughts are shown."""

    tokens: int
    is_shown: bool

    @property
    def is_on(self) -> bool:
        """Whether there is any thinking."""
        return self.tokens > 0


def plan_thinking(body: dict[str, Any], model: Model) -> ThinkingPlan:
    """What a request asks for, or leaves to the model."""
    wanted = body.get("thinking") or {"type": "adaptive" if model.thinks_by_default else "disabled"}
    display = wanted.get("display")
    is_shown = model.shows_thinking if display is None else display == "summarized"
    match wanted["type"]:
        case "enabled":
            return ThinkingPlan(min(wanted["budget_tokens"], _BUDGETED_TOKENS), is_shown)
        case "adaptive":
            effort = (body.get("output_config") or {}).get("effort") or model.default_effort
            most = max(1, body.get("max_tokens", 2 * _ADAPTIVE_TOKENS[effort]) // 2)
            return ThinkingPlan(min(_ADAPTIVE_TOKENS[effort], most), is_shown)
    return ThinkingPlan(0, is_shown)


def check_thinking(body: dict[str, Any], model: Model) -> None:
    """Check kind, budget and effort against the model. Raises: ApiError."""
    effort = (body.get("output_config") or {}).get("effort")
    if effort is not None:
        _check_effort(effort, model)
    wanted = body.get("thinking")
    if wanted is None:
        return
    kind = wanted["type"]
    if kind not in model.thinking:
        raise ApiError(_unsupported(kind, model))
    if kind == "disabled" and model.thinks_by_default and effort in ("xhigh", "max"):
        raise ApiError(f"\"thinking.type.disabled\" is not supported with effort '{effort}' on this model.")
    if kind == "enabled" and wanted["budget_tokens"] >= body.get("max_tokens", wanted["budget_tokens"] + 1):
        raise ApiError(
            "`max_tokens` must be greater than `thinking.budget_tokens`. "
            f"Please consult our documentation at {_LIMIT_GUIDE}"
        )


def _check_effort(effort: str, model: Model) -> None:
    if not model.efforts:
        raise ApiError("This model does not support the effort parameter.")
    if effort not in model.efforts:
        supported = ", ".join(sorted(model.efforts))
        raise ApiError(f"This model does not support effort level '{effort}'. Supported levels: {supported}.")


def _unsupported(kind: str, model: Model) -> str:
    if kind == "adaptive":
        return "adaptive thinking is not supported on this model"
    if kind == "disabled" and "between_tools" in model.thinking:
        return (
            '"thinking.type.disabled" is not supported for this model. '
            'To turn thinking off on this model, send "thinking": {"type": "between_tools"}.'
        )
    return f'"thinking.type.{kind}" is not supported for this model. {_STEER}'
