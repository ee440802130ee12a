"""What is said of an answer: the line of figures, the JSON object, and why it is not whole. Pure functions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.llms.types.content import ToolCall
    from core.llms.types.response import Attempt, Choice, LLMResponse
    from core.llms.types.usage import Usage

_SHORTFALLS: Final[Mapping[str, str]] = {
    "length": "the answer was cut: it reached the output limit",
    "content_filter": "the vendor's filter stopped the answer",
    "error": "the vendor ended the answer with an error",
    "pause": "the model paused before the answer was whole",
    "refusal": "the model refused to answer",
}
_USAGE_FIELDS: Final = (
    "input_tokens", "output_tokens", "total_tokens", "cache_read_tokens", "cache_write_tokens",
    "cache_write_1h_tokens", "reasoning_tokens", "audio_input_tokens", "audio_output_tokens", "image_input_tokens",
    "image_output_tokens", "server_tool_requests", "other_tool_requests", "service_tier", "estimated",
)  # fmt: skip


def render_statistics(response: LLMResponse, seconds: float, first_text_seconds: float | None) -> str:
    """Write the figures of an answer as one line."""
    usage = response.usage
    read = {"cached": usage.cache_read_tokens, "audio": usage.audio_input_tokens, "images": usage.image_input_tokens}
    made = {
        "reasoning": usage.reasoning_tokens,
        "audio": usage.audio_output_tokens,
        "images": usage.image_output_tokens,
    }
    tokens_in, tokens_out = _count(usage.input_tokens, "in", **read), _count(usage.output_tokens, "out", **made)
    first = "" if first_text_seconds is None else f"first text {first_text_seconds:.2f} s, "
    attempts = f"{len(response.attempts)} attempts" if len(response.attempts) > 1 else ""
    parts = [
        "/".join(name for name in (response.provider, response.model) if name),
        f"{'about ' if usage.estimated else ''}{tokens_in}, {tokens_out} tokens",
        _cost(response),
        f"{first}total {seconds:.2f} s",
        attempts,
        str(response.finish_reason),
    ]
    return " · ".join(part for part in parts if part)


def _count(tokens: int, direction: str, **portions: int) -> str:
    known = ", ".join(f"{portion:,} {name}" for name, portion in portions.items() if portion)
    return f"{tokens:,} {direction}{f' ({known})' if known else ''}"


def _cost(response: LLMResponse) -> str:
    if response.cost is None:
        return f"cost unknown ({response.cost_unknown_reason or 'the vendor did not say what was used'})"
    return f"${render_money(response.cost)}"


def render_money(amount: Decimal) -> str:
    """Write an exact amount without an exponent and without zeros that say nothing, but for the cents."""
    text = f"{amount:f}"
    whole, point, cents = text.partition(".")
    return f"{whole}.{cents.rstrip('0').ljust(2, '0')}" if point else f"{whole}.00"


def describe_shortfall(response: LLMResponse, *, tool_free: bool) -> str | None:
    """Say why an answer is not whole, or None where it is."""
    if response.refusal is not None:
        return f"the model refused: {response.refusal}"
    if tool_free and response.tool_calls:
        return "the model called a tool, which --tool-free forbids"
    return _SHORTFALLS.get(response.finish_reason.unified)


def render_answer(response: LLMResponse, seconds: float, warnings: Sequence[str]) -> dict[str, Any]:
    """Return the object that `--json` writes. With `n` above 1, `choices` has all of them."""
    answer = {
        **_choice_facts(response.choices[0]),
        "parsed": response.parsed,
        "usage": usage_facts(response.usage),
        "cost": None if response.cost is None else render_money(response.cost),
        "cost_unknown_reason": response.cost_unknown_reason,
        "model": response.model,
        "provider": response.provider,
        "id": response.id,
        "request_id": response.request_id,
        "seconds": round(seconds, 4),
        "warnings": list(warnings),
        "attempts": [_attempt_facts(attempt) for attempt in response.attempts],
    }
    if len(response.choices) > 1:
        answer["choices"] = [_choice_facts(choice) for choice in response.choices]
    return answer


def _choice_facts(choice: Choice) -> dict[str, Any]:
    return {
        "text": choice.message.text,
        "tool_calls": [_tool_call_facts(call) for call in choice.message.tool_calls],
        "refusal": choice.message.refusal,
        "reasoning": choice.message.reasoning,
        "finish_reason": choice.finish_reason.unified,
    }


def usage_facts(usage: Usage) -> dict[str, Any]:
    """Return the counts of a call, in the SDK's meaning of them."""
    return {name: getattr(usage, name) for name in _USAGE_FIELDS}


def _tool_call_facts(call: ToolCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "name": call.name,
        "arguments": call.arguments,
        "arguments_json": call.arguments_json,
        "arguments_error": call.arguments_error,
    }


def _attempt_facts(attempt: Attempt) -> dict[str, Any]:
    return {
        "provider": attempt.provider,
        "model": attempt.model,
        "outcome": attempt.outcome,
        "status": attempt.status,
        "seconds": round(attempt.seconds, 4),
        "usage": None if attempt.usage is None else usage_facts(attempt.usage),
        "cost": None if attempt.cost is None else render_money(attempt.cost),
        "maybe_charged": attempt.maybe_charged,
    }
