"""A whole response of the Responses API read into an `LLMResponse`: its message, why it ended, what it consumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.llms.errors import ProtocolError
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse, UnifiedFinish
from core.llms.types.usage import Usage
from core.llms.wires.openai_responses.dialect import ResponsesDialect
from core.llms.wires.openai_responses.failures import raise_failure
from core.llms.wires.openai_responses.output import parse_logprobs, parse_output, require_items

_INCOMPLETE: dict[str, UnifiedFinish] = {"max_output_tokens": "length", "content_filter": "content_filter"}
# A background response that still runs: asking again, with its id, continues it.
_RUNNING = ("queued", "in_progress")
# Calls of tools that the caller runs, with an output item of their own as the answer.
_CALLER_RUNS = frozenset(
    {
        "function_call",
        "custom_tool_call",
        "computer_call",
        "local_shell_call",
        "shell_call",
        "apply_patch_call",
        "mcp_approval_request",
    }
)
_SEARCH_CALL = "web_search_call"
# None costs what a search does: litellm 1.109.1 (2026-11-12) has code by the session, images by the tokens of other
# models, and no fee for looking into files.
_OTHER_CALLS = frozenset({"file_search_call", "code_interpreter_call", "image_generation_call"})


def parse_response(body: Mapping[str, Any], dialect: ResponsesDialect) -> LLMResponse:
    """Read a response.

    Raises:
        APIError: the response failed, or the body is an error under status 200.
        ProtocolError: the body is not a response.
    """
    if not isinstance(body, Mapping):
        raise ProtocolError(f"the answer is not a JSON object but {type(body).__name__}")
    raise_failure(body, dialect.errors)
    items = require_items(body.get("output"))
    return build_response(body, items, parse_finish(body, items), dialect)


def build_response(
    body: Mapping[str, Any], items: list[Mapping[str, Any]], finish_reason: FinishReason, dialect: ResponsesDialect
) -> LLMResponse:
    """Make the response of checked items, also of those that arrived before a stream was cut."""
    message = parse_output(items, dialect.origin)
    if finish_reason.unified == "stop" and _is_refusal(message):
        finish_reason = FinishReason("refusal", finish_reason.raw)
    filters = body.get("content_filters")
    choice = Choice(
        message,
        finish_reason,
        logprobs=parse_logprobs(items),
        content_filter={"content_filters": filters} if filters else None,
    )
    return LLMResponse(
        choices=(choice,),
        usage=_add_reported_cost(parse_usage(body, items), dialect),
        model=_optional_text(body, "model") or "",
        id=_optional_text(body, "id"),
        raw=body,
    )


def parse_finish(body: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> FinishReason:
    """Say why a response ended; `raw` is the reason of an incomplete one, else the status.

    A response that is queued or in progress is a `pause`: the vendor has not ended it. One without a status (some
    imitators leave it out) counts as completed.
    """
    status = _optional_text(body, "status")
    if status in (None, "completed"):
        waits = any(item.get("type") in _CALLER_RUNS for item in items)
        return FinishReason("tool_calls" if waits else "stop", status)
    if status == "incomplete":
        details = body.get("incomplete_details")
        reason = _optional_text(details, "reason") if isinstance(details, Mapping) else None
        return FinishReason(_INCOMPLETE.get(reason or "", "other"), reason or status)
    return FinishReason("pause" if status in _RUNNING else "other", status)


def _add_reported_cost(usage: Usage, dialect: ResponsesDialect) -> Usage:
    if dialect.reported_cost is None or usage.raw is None:
        return usage
    return replace(usage, reported_cost=dialect.reported_cost(usage.raw))


def parse_usage(body: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Usage:
    """Read what was consumed. The vendor counts cached tokens in the input and reasoning in the output, as we do.

    `server_tool_requests` has the calls of the vendor's own billed tools; web searches as `tool_usage` counts them,
    where it does, since opening a page costs nothing (openai 3.52, ToolUsage).
    """
    tier = _optional_text(body, "service_tier")
    searches = _count_searches(body, items)
    others = sum(item.get("type") in _OTHER_CALLS for item in items)
    raw = body.get("usage")
    if raw is None:
        return Usage(server_tool_requests=searches + others, other_tool_requests=others, service_tier=tier)
    if not isinstance(raw, Mapping):
        raise ProtocolError("`usage` of the response is not an object")
    input_details, output_details = _details(raw, "input_tokens_details"), _details(raw, "output_tokens_details")
    return Usage(
        input_tokens=read_count(raw, "input_tokens"),
        output_tokens=read_count(raw, "output_tokens"),
        cache_read_tokens=read_count(input_details, "cached_tokens"),
        cache_write_tokens=read_count(input_details, "cache_write_tokens"),
        cache_write_1h_tokens=read_count(_details(input_details, "cache_write_tokens_details"), "ttl_12h_tokens"),
        reasoning_tokens=read_count(output_details, "reasoning_tokens"),
        audio_input_tokens=read_count(input_details, "audio_tokens"),
        audio_output_tokens=read_count(output_details, "audio_tokens"),
        image_input_tokens=read_count(input_details, "image_tokens"),
        image_output_tokens=read_count(output_details, "image_tokens"),
        server_tool_requests=searches + others,
        other_tool_requests=others,
        service_tier=tier,
        raw=raw,
    )


def parse_token_count(body: Mapping[str, Any]) -> int:
    """Read the answer of `/responses/input_tokens`. Raises `ProtocolError` where it has no count."""
    if not isinstance(body, Mapping) or body.get("input_tokens") is None:
        raise ProtocolError("the token count has no `input_tokens`")
    return read_count(body, "input_tokens")


def read_count(holder: Mapping[str, Any], name: str) -> int:
    """Return a count, 0 where it is absent. Raises `ProtocolError` for what is not a whole number from 0."""
    value = holder.get(name)
    if value is None:
        return 0
    if type(value) is not int or value < 0:
        raise ProtocolError(f"`{name}` is not a count of tokens")
    return value


def _details(usage: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = usage.get(name)
    return value if isinstance(value, Mapping) else {}


def _count_searches(body: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> int:
    tool_usage = body.get("tool_usage")
    searches = tool_usage.get("web_search") if isinstance(tool_usage, Mapping) else None
    if not isinstance(searches, Mapping) or searches.get("num_requests") is None:
        return sum(item.get("type") == _SEARCH_CALL for item in items)
    return read_count(searches, "num_requests")


def _is_refusal(message: AssistantMessage) -> bool:
    return message.refusal is not None


def _optional_text(holder: Mapping[str, Any], name: str) -> str | None:
    value = holder.get(name)
    if value is not None and not isinstance(value, str):
        raise ProtocolError(f"`{name}` of the response is not a string")
    return value
