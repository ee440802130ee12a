"""How much a model is to think, and how large its answer may be: `thinking`, `output_config.effort`, `max_tokens`.

The vendor requires `max_tokens`. Where the caller gives none it is the model's largest answer, for an answer that is
not streamed at most 21,333: that many tokens the vendor's SDK expects within its ten minutes (anthropic 2.11,
`_calculate_nonstreaming_timeout`). For a model whose largest answer is not known it is 4,096, which every model takes.

`reasoning_effort` becomes, by the model's `ThinkingStyle`:
- adaptive: `thinking: adaptive` with the effort in `output_config` (`minimal` goes out as `low`);
- budget: `thinking: enabled` with a number of tokens (`BUDGETS`), and the effort as well where the model takes it.
  The budget counts against `max_tokens`: a default limit grows by it, and one of the caller's that is not larger
  halves it, with a warning. The vendor's least is 1,024.
- `none` turns thinking off, in the form that the model has for it.

A model with budgets must have thought before it called the tools whose results it is given. Where that answer has no
thinking (it came from another model, say), the call goes out without thinking, with a warning.

`reasoning_summary` chooses what is shown of it (`thinking.display`): `omitted` nothing, any other word the summary. On
an adaptive model it asks for thinking by itself; on one with budgets it needs `reasoning_effort` beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types.parameters import PARAM_MAX_TOKENS, PARAM_REASONING_EFFORT, PARAM_REASONING_SUMMARY
from core.llms.wires.anthropic_messages.dialect import MessagesDialect

UNKNOWN_MODEL_TOKENS: Final = 4_096
WHOLE_ANSWER_TOKENS: Final = 21_333
LEAST_BUDGET: Final = 1_024
BUDGETS: Final[Mapping[str, int]] = {
    "minimal": 1_024,
    "low": 2_048,
    "medium": 8_192,
    "high": 16_384,
    "xhigh": 24_576,
    "max": 32_768,
}
_SUMMARIES: Final = {"auto": "summarized", "concise": "summarized", "detailed": "summarized"}
_DISPLAYS: Final = ("summarized", "omitted")


def render_thinking(
    params: Mapping[str, Any], dialect: MessagesDialect, *, stream: bool, warnings: list[str]
) -> dict[str, Any]:
    """Write `max_tokens`, and `thinking` and `output_config` where the parameters ask for them.

    Raises:
        UnsupportedParameterError: the model does not think, or not in the way that is asked for.
        InvalidRequestError: `max_tokens` leaves no room for the least budget.
    """
    effort, summary = params.get(PARAM_REASONING_EFFORT), params.get(PARAM_REASONING_SUMMARY)
    limit, default = params.get(PARAM_MAX_TOKENS), _default_limit(dialect, stream=stream)
    if effort is None and summary is None:
        return {"max_tokens": limit or default}
    if dialect.thinking.form == "none":
        raise UnsupportedParameterError("the model does not think: leave `reasoning_effort` out")
    if effort == "none":
        return {"max_tokens": limit or default, "thinking": _render_off(dialect)}
    if dialect.thinking.form == "adaptive":
        return {"max_tokens": limit or default, **_render_adaptive(effort, summary, dialect, warnings)}
    if effort is None:
        raise UnsupportedParameterError("`reasoning_summary` needs `reasoning_effort` on this model: give both")
    return _render_budget(effort, summary, limit, default, dialect, warnings)


def leave_out_thinking_that_cannot_begin(body: dict[str, Any], warnings: list[str]) -> None:
    """Take a budget of thinking out of a rendered body where the vendor would refuse it: see the module's docstring."""
    if body.get("thinking", {}).get("type") != "enabled" or _may_think(body["messages"]):
        return
    del body["thinking"]
    warnings.append("thinking was left out of this call: the answer that called the tools has none to go on from")


def _may_think(messages: Sequence[Mapping[str, Any]]) -> bool:
    roles = [message["role"] for message in messages]
    if "assistant" not in roles:
        return True
    end = len(roles) - roles[::-1].index("assistant")
    following = messages[end]["content"] if end < len(messages) else ()
    if following and not any(isinstance(block, Mapping) and block["type"] == "tool_result" for block in following):
        return True
    start = end - 1
    while start and roles[start - 1] == "assistant":
        start -= 1
    content = messages[start]["content"]
    return isinstance(content[0], Mapping) and content[0]["type"] in ("thinking", "redacted_thinking")


def _default_limit(dialect: MessagesDialect, *, stream: bool) -> int:
    largest = dialect.max_output_tokens or UNKNOWN_MODEL_TOKENS
    return largest if stream else min(largest, WHOLE_ANSWER_TOKENS)


def _render_off(dialect: MessagesDialect) -> dict[str, Any]:
    if dialect.thinking.off is None:
        raise UnsupportedParameterError(
            "the model's thinking cannot be turned off: use reasoning_effort='low', or leave it out"
        )
    return {"type": dialect.thinking.off}


def _render_adaptive(
    effort: str | None, summary: str | None, dialect: MessagesDialect, warnings: list[str]
) -> dict[str, Any]:
    rendered: dict[str, Any] = {"thinking": {"type": "adaptive", **_render_display(summary)}}
    if effort is not None:
        rendered["output_config"] = {"effort": _supported_effort(effort, dialect, warnings)}
    return rendered


def _supported_effort(effort: str, dialect: MessagesDialect, warnings: list[str]) -> str:
    if effort == "minimal":
        warnings.append("reasoning_effort='minimal' went out as 'low', the least effort of this API")
        effort = "low"
    if effort not in dialect.thinking.efforts:
        raise UnsupportedParameterError(
            f"`reasoning_effort` must be one of {', '.join(dialect.thinking.efforts)}, not {effort!r}"
        )
    return effort


def _render_budget(
    effort: str,
    summary: str | None,
    limit: int | None,
    default: int,
    dialect: MessagesDialect,
    warnings: list[str],
) -> dict[str, Any]:
    if effort not in BUDGETS:
        raise UnsupportedParameterError(f"`reasoning_effort` must be one of {', '.join(BUDGETS)}, not {effort!r}")
    budget = BUDGETS[effort]
    if limit is None:
        limit = min(default + budget, dialect.max_output_tokens or default + budget)
    if limit <= LEAST_BUDGET:
        raise InvalidRequestError(
            f"`max_tokens` must be above {LEAST_BUDGET} where the model thinks, since its thinking counts: raise it, "
            "or leave `reasoning_effort` out"
        )
    if budget >= limit:
        budget = max(LEAST_BUDGET, limit // 2)
        warnings.append(f"the budget of reasoning_effort={effort!r} was cut to {budget} tokens, to fit `max_tokens`")
    thinking = {"type": "enabled", "budget_tokens": budget, **_render_display(summary)}
    rendered: dict[str, Any] = {"max_tokens": limit, "thinking": thinking}
    if effort in dialect.thinking.efforts:
        rendered["output_config"] = {"effort": effort}
    return rendered


def _render_display(summary: str | None) -> dict[str, str]:
    if summary is None:
        return {}
    display = _SUMMARIES.get(summary, summary)
    if display not in _DISPLAYS:
        known = ", ".join((*_SUMMARIES, *_DISPLAYS))
        raise UnsupportedParameterError(f"`reasoning_summary` must be one of {known}, not {summary!r}")
    return {"display": display}
