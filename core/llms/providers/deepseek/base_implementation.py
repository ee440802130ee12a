"""What DeepSeek says differently on OpenAI's wires. Facts are from its "Thinking Mode" guide, read 2026-11-21."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from core.llms.errors import NotFoundError, QuotaExceededError
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types.messages import AssistantMessage
from core.llms.types.parameters import PARAM_MAX_TOKENS, PARAM_REASONING_EFFORT
from core.llms.types.request import LLMRequest
from core.llms.types.usage import Usage
from core.llms.wires.openai_chat import ChatDialect, parse_chat_usage
from core.llms.wires.openai_errors import ErrorRules
from core.llms.wires.openai_responses import ResponsesDialect

# 402 is "Insufficient Balance" ("Error Codes", read 2026-11-21). An unknown model has the code of any bad request.
_ERRORS: Final = ErrorRules(statuses={402: QuotaExceededError}, message_patterns={"model not exist": NotFoundError})
_REASONING: Final = "reasoning_content"


class DeepSeekBaseLLM(OpenAIFamilyLLM):
    """Works for all models of DeepSeek, on chat completions and on Responses (`wire="responses"`)."""

    PROVIDER: ClassVar[str] = "deepseek"
    DISPLAY_NAME: ClassVar[str] = "DeepSeek"
    EMBEDS: ClassVar[bool] = False
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field=PARAM_MAX_TOKENS,
        developer_role="system",
        reasoning_echo_field=_REASONING,
        render_assistant=lambda rendered, message: _complete_turn(rendered, message),
        render_extra=lambda body, request: _switch_thinking(body, request),
        finish_reasons={"insufficient_system_resource": "error"},
        parse_usage=lambda raw: _parse_usage(raw),
        errors=_ERRORS,
    )
    # Reasoning comes in the open here, and another vendor's encrypted reasoning cannot be read.
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = ResponsesDialect(
        origin="deepseek", encrypted_reasoning="never", errors=_ERRORS
    )


def _complete_turn(rendered: dict[str, Any], message: AssistantMessage) -> None:
    # A turn with calls must bring its reasoning while the model thinks; one of another vendor has none to bring.
    if rendered.get("tool_calls"):
        rendered.setdefault(_REASONING, "")


def _switch_thinking(body: dict[str, Any], request: LLMRequest) -> None:
    # Thinking is on unless it is switched off, and effort `none` is no value of `reasoning_effort` on this wire.
    if body.get(PARAM_REASONING_EFFORT) == "none":
        del body[PARAM_REASONING_EFFORT]
        body["thinking"] = {"type": "disabled"}
    elif PARAM_REASONING_EFFORT in body:
        body["thinking"] = {"type": "enabled"}


def _parse_usage(raw: Mapping[str, Any]) -> Usage:
    """Read usage; answers of before 2026 have `prompt_cache_hit_tokens` alone."""
    usage, hit = parse_chat_usage(raw), raw.get("prompt_cache_hit_tokens")
    if usage.cache_read_tokens or not isinstance(hit, int) or hit <= 0:
        return usage
    return replace(usage, cache_read_tokens=hit)
