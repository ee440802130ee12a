"""What the models of the Messages API have in common on every host: how they think, and which parameters they take.

The forms are those of the vendor's pages on thinking and effort (read at second hand 2026-11-21) and of pydantic-ai's,
litellm's and pi-ai's tables. Which model has which is said in its own room.
"""

from __future__ import annotations

from typing import Final

from core.llms.types import parameters as names
from core.llms.wires.anthropic_messages.dialect import ThinkingStyle

NO_THINKING: Final = ThinkingStyle("none", off=None, efforts=())
BUDGET: Final = ThinkingStyle("budget", efforts=())
BUDGET_WITH_EFFORT: Final = ThinkingStyle("budget", efforts=("low", "medium", "high"))
ADAPTIVE_TO_MAX: Final = ThinkingStyle("adaptive", efforts=("low", "medium", "high", "max"))
ADAPTIVE: Final = ThinkingStyle("adaptive")
BETWEEN_TOOLS: Final = ThinkingStyle("adaptive", off="between_tools")
ALWAYS: Final = ThinkingStyle("adaptive", off=None)

PLAIN_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_STOP,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_SERVICE_TIER,
        names.PARAM_METADATA,
        names.PARAM_SAFETY_IDENTIFIER,
    }
)
SAMPLING: Final = frozenset({names.PARAM_TEMPERATURE, names.PARAM_TOP_P, names.PARAM_TOP_K})
REASONING: Final = frozenset({names.PARAM_REASONING_EFFORT, names.PARAM_REASONING_SUMMARY})
