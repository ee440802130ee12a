"""The chat wire refuses messages out of order, wrong tools and wrong media, in OpenAI's words."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import CHAT, chat_body, content, messages, post
from tests.unit.simulator.pictures import data_url

USER: dict[str, Any] = {"role": "user", "content": "Hello!"}
TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {}}},
}
CALLING: dict[str, Any] = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
}


def tool(parameters: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "f", "parameters": parameters, **fields}}


def schema_format(schema: dict[str, Any]) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": schema}}}


REFUSED: list[tuple[dict[str, Any], str, str | None, str | None]] = [
    (
        messages(USER, {"role": "tool", "tool_call_id": "call_1", "content": "a"}),
        "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        "messages.[1].role",
        None,
    ),
    (
        messages(USER, CALLING, USER),
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        "The following tool_call_ids did not have response messages: call_1",
        "messages.[2].role",
        None,
    ),
    (
        messages(USER, CALLING),
        "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. "
        "The following tool_call_ids did not have response messages: call_1",
        "messages",
        None,
    ),
    (
        messages(USER, CALLING, {"role": "tool", "tool_call_id": "call_2", "content": "a"}),
        "Invalid parameter: 'tool_call_id' of 'call_2' not found in 'tool_calls' of previous message.",
        "messages.[2].tool_call_id",
        None,
    ),
    (
        messages(USER, CALLING, *[{"role": "tool", "tool_call_id": "call_1", "content": "a"}] * 2),
        "Duplicate value for 'tool_call_id' of 'call_1'",
        "messages.[3].tool_call_id",
        None,
    ),
    (
        messages(USER, {"role": "assistant", "content": None}),
        "Invalid value for 'content': expected a string, got null.",
        "messages.[1].content",
        None,
    ),
    (
        messages(USER, {"role": "assistant", "content": None, "tool_calls": []}),
        "Invalid 'messages[1].tool_calls': empty array. Expected an array with minimum length 1, "
        "but got an empty array instead.",
        "messages[1].tool_calls",
        "empty_array",
    ),
    (
        {"tools": [tool(name="get weather")]},
        "Invalid 'tools[0].function.name': string does not match pattern. "
        "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
        "tools[0].function.name",
        "invalid_value",
    ),
    (
        {"tools": [tool(name="x" * 65)]},
        "Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, "
        "but got a string with length 65 instead.",
        "tools[0].function.name",
        "string_above_max_length",
    ),
    (
        {"tools": [TOOL, TOOL]},
        "Invalid 'tools[1].function.name': duplicate function name 'f'. Function names must be unique.",
        "tools[1].function.name",
        "invalid_value",
    ),
    (
        {"tools": [{"type": "custom", "custom": {"name": "c"}}]},
        "Invalid value: 'custom'. The simulator supports tools of type 'function' only, at 'tools[0]'.",
        "tools[0].type",
        "invalid_value",
    ),
    (
        {"tools": [tool({"type": "array"})]},
        "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"array\"'.",
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    (
        {"tools": [tool({"type": "object"})]},
        "Invalid schema for function 'f': In context=(), object schema missing properties.",
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    (
        {"tools": [tool({"type": "object", "properties": {"a": {"type": "array"}}})]},
        "Invalid schema for function 'f': In context=('properties', 'a'), array schema missing items.",
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    (
        {"tools": [tool({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}, strict=True)]},
        "Invalid schema for function 'f': In context=(), 'additionalProperties' is required to be supplied "
        "and to be false.",
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    (
        schema_format({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}),
        "Invalid schema for response_format 'n': In context=(), 'required' is required to be supplied and to be an "
        "array including every key in properties. Missing 'a'.",
        "response_format",
        None,
    ),
    (
        schema_format(
            {
                "type": "object",
                "properties": {"a": {"type": "object", "properties": {}}},
                "required": ["a"],
                "additionalProperties": False,
            }
        ),
        "Invalid schema for response_format 'n': In context=('properties', 'a'), 'additionalProperties' is required "
        "to be supplied and to be false.",
        "response_format",
        None,
    ),
    (
        {"tool_choice": "auto"},
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        "tool_choice",
        None,
    ),
    (
        {"parallel_tool_calls": True},
        "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
        "parallel_tool_calls",
        None,
    ),
    (
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "g"}}},
        "Invalid value for 'tool_choice': no function named 'g' was specified in the 'tools' parameter.",
        "tool_choice",
        None,
    ),
    (
        {"tools": [TOOL], "tool_choice": "maybe"},
        "Invalid value: 'maybe'. Supported values are: 'none', 'auto', and 'required'.",
        "tool_choice",
        "invalid_value",
    ),
    (
        content({"type": "image_url", "image_url": {"url": data_url(b"no image at all")}}),
        "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
        "['png', 'jpeg', 'gif', 'webp'].",
        None,
        "invalid_image_format",
    ),
    (
        content({"type": "image_url", "image_url": {"url": "data:image/png;base64,!!!"}}),
        "Invalid base64 image_url.",
        None,
        "invalid_base64",
    ),
    (
        content({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}),
        "Invalid 'messages[0]'. Content blocks are expected to be either text or image_url type.",
        "messages[0]",
        "invalid_value",
    ),
    (
        content({"type": "file", "file": {"file_data": data_url(b"%PDF", "application/pdf")}}),
        "Missing required parameter: 'messages[0].content[0].file.filename'.",
        "messages[0].content[0].file.filename",
        "missing_required_parameter",
    ),
]


@pytest.mark.parametrize(
    ("fields", "message", "param", "code"), REFUSED, ids=[f"{index}" for index in range(len(REFUSED))]
)
async def test_chat_refuses_in_the_vendors_words(
    sim: Simulator, fields: dict[str, Any], message: str, param: str | None, code: str | None
) -> None:
    received = await post(sim, CHAT, chat_body(**fields))
    assert received.error == {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    assert received.status == 400
