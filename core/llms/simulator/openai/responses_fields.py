"""The shape of a Responses request: every field, its type and its range.

Facts: openai 3.52.0, `types/responses/`, read 2026-11-21. Hosted tools other than web search, stored prompts,
conversations and background mode are known but refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.openai.chat_fields import CACHE_OPTIONS, EFFORTS, METADATA, NAME_PATTERN, SERVICE_TIERS
from core.llms.simulator.openai.citations import CITATION
from core.llms.simulator.openai.errors import ApiError, unsupported_parameter
from core.llms.simulator.openai.fields import (
    Rule,
    array,
    boolean,
    decimal,
    integer,
    nullable,
    one_of,
    record,
    refused,
    schema_object,
    tagged,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

INCLUDABLE = (
    "file_search_call.results",
    "web_search_call.results",
    "web_search_call.action.sources",
    "message.input_image.image_url",
    "computer_call_output.output.image_url",
    "code_interpreter_call.outputs",
    "reasoning.encrypted_content",
    "message.output_text.logprobs",
)
WEB_SEARCH_TYPES = ("web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11")
_HOSTED_TYPES = ("file_search", "computer_use_preview", "mcp", "code_interpreter", "image_generation", "custom")
_STATUS = nullable(text(choices=("in_progress", "completed", "incomplete")))
_PHASE = nullable(text(choices=("commentary", "final_answer")))
_BREAKPOINT = record({"mode": text(choices=("explicit",)), "ttl": text(choices=("30m", "12h"))}, ("mode",))


def _part(fields: Mapping[str, Rule], *required: str) -> Rule:
    return record({"type": text(), "prompt_cache_breakpoint": nullable(_BREAKPOINT), **fields}, required)


_INPUT_PARTS = tagged(
    "type",
    {
        "input_text": _part({"text": text()}, "text"),
        "input_image": _part(
            {
                "image_url": nullable(text()),
                "file_id": nullable(text()),
                "detail": text(choices=("low", "high", "auto", "original")),
            }
        ),
        "input_file": _part(
            {
                "file_data": text(),
                "file_id": nullable(text()),
                "file_url": text(),
                "filename": text(),
                "detail": text(choices=("auto", "low", "high")),
            }
        ),
    },
    points_at_key=False,
)
_OUTPUT_PARTS = tagged(
    "type",
    {
        "output_text": _part(
            {
                "text": text(),
                "annotations": nullable(array(CITATION)),
                "logprobs": nullable(array(schema_object())),
            },
            "text",
        ),
        "refusal": _part({"refusal": text()}, "refusal"),
    },
    points_at_key=False,
)


def _message(parts: Rule) -> Rule:
    fields = {
        "type": text(),
        "role": text(),
        "id": nullable(text()),
        "status": _STATUS,
        "phase": _PHASE,
        "content": one_of(text(), array(parts)),
    }
    return record(fields, ("content",))


_MESSAGE = tagged(
    "role",
    {
        "assistant": _message(_OUTPUT_PARTS),
        "system": _message(_INPUT_PARTS),
        "developer": _message(_INPUT_PARTS),
        "user": _message(_INPUT_PARTS),
    },
)
_CALL_FIELDS = {
    "type": text(),
    "id": nullable(text()),
    "status": _STATUS,
    "caller": nullable(schema_object()),
    "namespace": nullable(text()),
    "call_id": text(longest=64, shortest=1),
}
_SUMMARY_PART = tagged(
    "type", {"summary_text": record({"type": text(), "text": text()}, ("text",))}, points_at_key=False
)
_ITEMS = {
    "message": _MESSAGE,
    "function_call": record(
        {**_CALL_FIELDS, "name": text(longest=64, pattern=NAME_PATTERN), "arguments": text()},
        ("call_id", "name", "arguments"),
    ),
    "function_call_output": record(
        {**_CALL_FIELDS, "name": nullable(text()), "output": one_of(text(), array(_INPUT_PARTS))},
        ("call_id", "output"),
    ),
    "reasoning": record(
        {
            "type": text(),
            "id": text(),
            "summary": array(_SUMMARY_PART),
            "content": nullable(array(schema_object())),
            "encrypted_content": nullable(text()),
            "status": _STATUS,
        },
        ("summary",),
    ),
    "web_search_call": record(
        {"type": text(), "id": text(), "status": text(), "action": schema_object()}, ("id", "status")
    ),
    "item_reference": record({"type": nullable(text()), "id": text()}, ("id",)),
}
_INPUT_ITEM = tagged("type", _ITEMS, "message", points_at_key=False)


def _unsupported_tool(path: str) -> ApiError:
    message = f"Invalid value at '{path}': the simulator supports tools of type 'function' and 'web_search' only."
    return ApiError(message, param=path, code="invalid_value")


_FUNCTION_TOOL = record(
    {
        "type": text(),
        "name": text(longest=128, pattern=NAME_PATTERN),
        "description": nullable(text()),
        "parameters": nullable(schema_object()),
        "strict": nullable(boolean()),
        "output_schema": nullable(schema_object()),
        "allowed_callers": nullable(array(text(choices=("direct", "programmatic")))),
        "defer_loading": boolean(),
        "async": boolean(),
    },
    ("name",),
)
_WEB_SEARCH_TOOL = record(
    {
        "type": text(),
        "external_web_access": boolean(),
        "filters": nullable(record({"allowed_domains": nullable(array(text()))})),
        "search_context_size": text(choices=("low", "medium", "high")),
        "search_content_types": array(text(choices=("text", "image"))),
        "user_location": nullable(
            record(
                {
                    "type": text(choices=("approximate",)),
                    "city": nullable(text()),
                    "country": nullable(text()),
                    "region": nullable(text()),
                    "timezone": nullable(text()),
                }
            )
        ),
    }
)
_TOOL = tagged(
    "type",
    {
        "function": _FUNCTION_TOOL,
        **dict.fromkeys(WEB_SEARCH_TYPES, _WEB_SEARCH_TOOL),
        **{name: refused(_unsupported_tool) for name in _HOSTED_TYPES},
    },
)
_NAMED_TOOL = tagged(
    "type",
    {
        "function": record({"type": text(), "name": text()}, ("name",)),
        **dict.fromkeys(WEB_SEARCH_TYPES, record({"type": text()})),
    },
)
_TOOL_CHOICE = one_of(
    text(choices=("none", "auto", "required")),
    tagged(
        "type",
        {
            "function": record({"type": text(), "name": text()}, ("name",)),
            "allowed_tools": record(
                {"type": text(), "mode": text(choices=("auto", "required")), "tools": array(_NAMED_TOOL, shortest=1)},
                ("mode", "tools"),
            ),
            **dict.fromkeys(WEB_SEARCH_TYPES, record({"type": text()})),
        },
    ),
)
_FORMAT = tagged(
    "type",
    {
        "text": record({"type": text()}),
        "json_object": record({"type": text()}),
        "json_schema": record(
            {
                "type": text(),
                "name": text(longest=64, pattern=NAME_PATTERN),
                "description": nullable(text()),
                "schema": schema_object(),
                "strict": nullable(boolean()),
            },
            ("name", "schema"),
        ),
    },
)
_SUMMARIES = text(choices=("auto", "concise", "detailed"))

COUNT_FIELDS: Mapping[str, Rule] = {
    "model": nullable(text()),
    "input": nullable(one_of(text(), array(_INPUT_ITEM))),
    "instructions": nullable(text()),
    "conversation": nullable(refused(unsupported_parameter)),
    "parallel_tool_calls": nullable(boolean()),
    "personality": text(),
    "previous_response_id": nullable(text()),
    "reasoning": nullable(
        record(
            {
                "effort": nullable(text(choices=EFFORTS)),
                "summary": nullable(_SUMMARIES),
                "generate_summary": nullable(_SUMMARIES),
                "mode": text(choices=("standard", "pro")),
                "context": nullable(text(choices=("auto", "current_turn", "all_turns"))),
            }
        )
    ),
    "text": nullable(record({"format": _FORMAT, "verbosity": nullable(text(choices=("low", "medium", "high")))})),
    "tool_choice": nullable(_TOOL_CHOICE),
    "tools": nullable(array(_TOOL, longest=128)),
    "truncation": nullable(text(choices=("auto", "disabled"))),
}
RESPONSE_FIELDS: Mapping[str, Rule] = {
    **{name: rule for name, rule in COUNT_FIELDS.items() if name != "personality"},
    "model": text(),
    "access_programs": refused(unsupported_parameter),
    "background": nullable(boolean()),
    "context_management": nullable(refused(unsupported_parameter)),
    "image": refused(unsupported_parameter),
    "include": nullable(array(text(choices=INCLUDABLE))),
    "max_output_tokens": nullable(integer(16)),
    "max_tool_calls": nullable(integer(1)),
    "metadata": METADATA,
    "moderation": nullable(refused(unsupported_parameter)),
    "prompt": nullable(refused(unsupported_parameter)),
    "prompt_cache_key": nullable(text()),
    "prompt_cache_options": CACHE_OPTIONS,
    "prompt_cache_retention": nullable(text(choices=("in_memory", "24h"))),
    "safety_identifier": nullable(text(longest=64)),
    "service_tier": nullable(text(choices=SERVICE_TIERS)),
    "store": nullable(boolean()),
    "stream": nullable(boolean()),
    "stream_options": nullable(record({"include_obfuscation": boolean()})),
    "temperature": nullable(decimal(0, 2)),
    "top_logprobs": nullable(integer(0, 20)),
    "top_p": nullable(decimal(0, 1)),
    "user": text(),
}
