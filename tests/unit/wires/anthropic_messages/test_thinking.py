from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, UnsupportedParameterError
from core.llms.types.content import ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, ToolMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.wires.anthropic_messages import AnthropicMessagesWire, MessagesDialect, ThinkingStyle
from core.llms.wires.anthropic_messages.styles import (
    ADAPTIVE,
    ADAPTIVE_TO_MAX,
    ALWAYS,
    BETWEEN_TOOLS,
    BUDGET,
    BUDGET_WITH_EFFORT,
    NO_THINKING,
)


def render(style: ThinkingStyle, largest: int | None = 64_000, stream: bool = False, **params: Any) -> dict[str, Any]:
    wire = AnthropicMessagesWire(MessagesDialect(thinking=style, max_output_tokens=largest))
    rendered = wire.render_request(LLMRequest("claude-test", (UserMessage("Hi"),), params=params, stream=stream))
    names = ("max_tokens", "thinking", "output_config")
    fields = {name: rendered.body[name] for name in names if name in rendered.body}
    return {**fields, "warnings": rendered.warnings} if rendered.warnings else fields


@pytest.mark.parametrize("effort", ["low", "medium", "high", "xhigh", "max"])
def test_adaptive_model_gets_the_effort(effort: str) -> None:
    assert render(ADAPTIVE, reasoning_effort=effort) == {
        "max_tokens": 21_333,
        "thinking": {"type": "adaptive"},
        "output_config": {"effort": effort},
    }


def test_adaptive_model_gets_minimal_as_low_with_a_warning() -> None:
    rendered = render(ADAPTIVE, reasoning_effort="minimal")
    assert rendered["output_config"] == {"effort": "low"}
    assert rendered["warnings"] == ("reasoning_effort='minimal' went out as 'low', the least effort of this API",)


def test_adaptive_model_refuses_an_effort_that_it_lacks() -> None:
    with pytest.raises(UnsupportedParameterError, match="one of low, medium, high, max, not 'xhigh'"):
        render(ADAPTIVE_TO_MAX, reasoning_effort="xhigh")


@pytest.mark.parametrize(
    ("style", "thinking"), [(ADAPTIVE, "disabled"), (BUDGET, "disabled"), (BETWEEN_TOOLS, "between_tools")]
)
def test_effort_none_turns_thinking_off_in_the_models_form(style: ThinkingStyle, thinking: str) -> None:
    assert render(style, reasoning_effort="none") == {"max_tokens": 21_333, "thinking": {"type": thinking}}


def test_effort_none_is_refused_where_the_model_always_thinks() -> None:
    with pytest.raises(UnsupportedParameterError, match="cannot be turned off"):
        render(ALWAYS, reasoning_effort="none")


def test_effort_is_refused_where_the_model_does_not_think() -> None:
    with pytest.raises(UnsupportedParameterError, match="does not think"):
        render(NO_THINKING, reasoning_effort="low")


@pytest.mark.parametrize(
    ("effort", "budget"),
    [("minimal", 1_024), ("low", 2_048), ("medium", 8_192), ("high", 16_384), ("xhigh", 24_576), ("max", 32_768)],
)
def test_budget_model_gets_the_tables_budget_beside_the_default_limit(effort: str, budget: int) -> None:
    assert render(BUDGET, reasoning_effort=effort) == {
        "max_tokens": min(64_000, 21_333 + budget),
        "thinking": {"type": "enabled", "budget_tokens": budget},
    }


def test_budget_model_that_takes_efforts_gets_both() -> None:
    assert render(BUDGET_WITH_EFFORT, stream=True, reasoning_effort="high") == {
        "max_tokens": 64_000,
        "thinking": {"type": "enabled", "budget_tokens": 16_384},
        "output_config": {"effort": "high"},
    }


def test_budget_that_does_not_fit_is_half_of_the_limit_with_a_warning() -> None:
    assert render(BUDGET, reasoning_effort="high", max_tokens=8_000) == {
        "max_tokens": 8_000,
        "thinking": {"type": "enabled", "budget_tokens": 4_000},
        "warnings": ("the budget of reasoning_effort='high' was cut to 4000 tokens, to fit `max_tokens`",),
    }


@pytest.mark.parametrize("limit", [1_025, 1_500, 2_047])
def test_budget_never_falls_below_the_vendors_least(limit: int) -> None:
    rendered = render(BUDGET, reasoning_effort="low", max_tokens=limit)
    assert rendered["thinking"]["budget_tokens"] == 1_024 < rendered["max_tokens"] == limit


def test_limit_without_room_for_thinking_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="`max_tokens` must be above 1024"):
        render(BUDGET, reasoning_effort="low", max_tokens=1_024)


@pytest.mark.parametrize(
    ("summary", "display"),
    [("auto", "summarized"), ("detailed", "summarized"), ("summarized", "summarized"), ("omitted", "omitted")],
)
def test_summary_chooses_what_is_shown(summary: str, display: str) -> None:
    expected = {"type": "adaptive", "display": display}
    assert render(ADAPTIVE, reasoning_summary=summary)["thinking"] == expected
    assert render(BUDGET, reasoning_summary=summary, reasoning_effort="low")["thinking"]["display"] == display


def test_summary_of_an_unknown_word_or_without_budget_is_refused() -> None:
    with pytest.raises(UnsupportedParameterError, match="`reasoning_summary` must be one of"):
        render(ADAPTIVE, reasoning_summary="loud")
    with pytest.raises(UnsupportedParameterError, match="needs `reasoning_effort`"):
        render(BUDGET, reasoning_summary="auto")


CALL = ToolCall.of("c1", "f", {})
THOUGHT = ReasoningPart("Hm.", "s", origin="anthropic_messages")
HIDDEN = ReasoningPart(redacted="x", origin="anthropic_messages")
ASK, RESULT = UserMessage("Hi"), ToolMessage("rain", "c1")


@pytest.mark.parametrize(
    ("messages", "thinks"),
    [
        ((ASK,), True),
        ((ASK, AssistantMessage("Hi."), ASK), True),
        ((ASK, AssistantMessage([CALL]), RESULT, AssistantMessage("Rain."), ASK), True),
        ((ASK, AssistantMessage([THOUGHT, CALL]), RESULT), True),
        ((ASK, AssistantMessage([HIDDEN, TextPart("So."), CALL]), RESULT), True),
        ((ASK, AssistantMessage([THOUGHT, TextPart("So.")]), AssistantMessage([CALL]), RESULT), True),
        ((ASK, AssistantMessage([CALL]), RESULT), False),
        ((ASK, AssistantMessage([TextPart("So."), CALL]), RESULT), False),
        ((ASK, AssistantMessage([THOUGHT, CALL]), RESULT, AssistantMessage([CALL]), RESULT), False),
        ((ASK, AssistantMessage("So")), False),
    ],
)
def test_budget_is_left_out_where_an_unfinished_answer_has_no_thinking(
    messages: tuple[Message, ...], thinks: bool
) -> None:
    params = {"reasoning_effort": "low"}
    warning = "thinking was left out of this call: the answer that called the tools has none to go on from"
    budget = AnthropicMessagesWire(MessagesDialect(thinking=BUDGET))
    rendered = budget.render_request(LLMRequest("claude-test", messages, params=params))
    assert (("thinking" in rendered.body), (warning in rendered.warnings)) == (thinks, not thinks)
    adaptive = AnthropicMessagesWire(MessagesDialect(thinking=ADAPTIVE))
    assert "thinking" in adaptive.render_request(LLMRequest("claude-test", messages, params=params)).body
