"""What OpenRouter says differently on OpenAI's wires. Facts are from openrouter 1.3.84 and recorded exchanges."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from core.llms.errors import (
    ContentFilterError,
    ContextLengthExceededError,
    NotFoundError,
    OverloadedError,
    QuotaExceededError,
    RateLimitError,
    ServerError,
)
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types.parameters import PARAM_MAX_TOKENS, PARAM_REASONING_EFFORT, PARAM_REASONING_SUMMARY
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_errors import ErrorRules
from core.llms.wires.openai_responses import ResponsesDialect


def read_cost(usage: Mapping[str, Any]) -> Decimal | None:
    """Read what a call costs, in USD; with a key of one's own at the vendor, the vendor's bill and OpenRouter's fee."""
    details = usage.get("cost_details")
    cost = _read_amount(usage.get("cost"))
    if cost is None or usage.get("is_byok") is not True:
        return cost
    upstream = _read_amount(details.get("upstream_inference_cost")) if isinstance(details, Mapping) else None
    return None if upstream is None else cost + upstream


def _read_amount(amount: Any) -> Decimal | None:
    return Decimal(str(amount)) if type(amount) in (int, float) and amount >= 0 else None


def _read_error(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the kind of an error, beside which its code is just the status, and the vendor's own words."""
    error = body.get("error")
    metadata = error.get("metadata") if isinstance(error, Mapping) else None
    if not isinstance(metadata, Mapping):
        return {}
    kind = metadata.get("error_type") or ("content_policy_violation" if "flagged_input" in metadata else None)
    return {"type": kind} if isinstance(kind, str) else {}


_ERRORS: Final = ErrorRules(
    codes={
        "context_length_exceeded": ContextLengthExceededError,
        "content_policy_violation": ContentFilterError,
        "payment_required": QuotaExceededError,
        "rate_limit_exceeded": RateLimitError,
        "provider_overloaded": OverloadedError,
        "provider_unavailable": ServerError,
        "timeout": ServerError,
    },
    parse_extra=_read_error,
    statuses={402: QuotaExceededError},
    message_patterns={"is not a valid model id": NotFoundError, "does not exist": NotFoundError},
)


class OpenRouterBaseLLM(OpenAIFamilyLLM):
    """Works for all models on OpenRouter, on chat completions and on Responses (`wire="responses"`)."""

    PROVIDER: ClassVar[str] = "openrouter"
    DISPLAY_NAME: ClassVar[str] = "OpenRouter"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field=PARAM_MAX_TOKENS,
        fields={PARAM_REASONING_SUMMARY: PARAM_REASONING_SUMMARY},
        # Two models of three take no developer message (pi-ai 1.5.2).
        developer_role="system",
        reasoning_echo_field="reasoning",
        reasoning_details_field="reasoning_details",
        # Vendors that cache by themselves are not disturbed by the marks.
        cache_control=True,
        encoding_format="float",
        input_type_field="input_type",
        render_extra=lambda body, request: _render_reasoning(body, request),
        reported_cost=read_cost,
        errors=_ERRORS,
    )
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = ResponsesDialect(
        origin="openrouter", reported_cost=read_cost, errors=_ERRORS
    )


def _render_reasoning(body: dict[str, Any], request: LLMRequest) -> None:
    """Put effort and summary into the one object that every model's vendor is asked by."""
    fields = {"effort": PARAM_REASONING_EFFORT, "summary": PARAM_REASONING_SUMMARY}
    if reasoning := {field: body.pop(name) for field, name in fields.items() if name in body}:
        body["reasoning"] = reasoning
