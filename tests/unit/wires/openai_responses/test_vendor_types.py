"""Rendered requests against the vendor's own types (the official SDK's): no unknown key, no missing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

import pytest
from openai.types.responses import (
    EasyInputMessageParam,
    FunctionToolParam,
    ResponseFunctionToolCallParam,
    ResponseInputFileParam,
    ResponseInputImageParam,
    ResponseInputTextParam,
    ResponseOutputMessageParam,
    ResponseReasoningItemParam,
)
from openai.types.responses.input_token_count_params import InputTokenCountParams
from openai.types.responses.response_create_params import ResponseCreateParamsStreaming
from openai.types.responses.response_format_text_json_schema_config_param import (
    ResponseFormatTextJSONSchemaConfigParam,
)
from openai.types.responses.response_input_item_param import FunctionCallOutput
from openai.types.responses.tool_choice_function_param import ToolChoiceFunctionParam
from pydantic import TypeAdapter

from core.llms.types.content import FilePart, ImagePart, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, Tool, ToolChoice
from core.llms.wires.openai_responses import OpenAIResponsesWire

SCHEMA = {"type": "object", "properties": {}}
REASONING = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAAA"}
REQUEST = LLMRequest(
    "gpt-test",
    (
        SystemMessage("Be brief."),
        UserMessage(
            [
                TextPart("See:"),
                ImagePart(url="https://example.org/a.png"),
                FilePart(file_id="file_1"),
                FilePart(url="https://example.org/a.pdf"),
                FilePart(data=b"%PDF-1.7"),
            ]
        ),
        AssistantMessage("Short."),
        AssistantMessage(
            [
                ReasoningPart(id="rs_1", origin="openai_responses", raw=REASONING),
                TextPart("Hi."),
                RefusalPart("No."),
                ToolCall.parse("call_1", "f", "{}", item_id="fc_1"),
            ],
            id="msg_1",
        ),
        ToolMessage("4", tool_call_id="call_1"),
    ),
    params={
        "max_tokens": 10,
        "temperature": 1.0,
        "top_p": 1.0,
        "top_logprobs": 2,
        "parallel_tool_calls": True,
        "reasoning_effort": "low",
        "reasoning_summary": "auto",
        "verbosity": "low",
        "service_tier": "flex",
        "store": False,
        "metadata": {"a": "b"},
        "prompt_cache_key": "k",
        "prompt_cache_retention": "24h",
        "safety_identifier": "u",
        "previous_response_id": "resp_1",
    },
    tools=(Tool("f", "Does.", SCHEMA),),
    tool_choice=ToolChoice("named", "f"),
    response_format=ResponseFormat("json_schema", schema=SCHEMA, description="One."),
    stream=True,
)
KINDS: dict[str, Any] = {
    "message": ResponseOutputMessageParam,
    "reasoning": ResponseReasoningItemParam,
    "function_call": ResponseFunctionToolCallParam,
    "function_call_output": FunctionCallOutput,
    "input_text": ResponseInputTextParam,
    "input_image": ResponseInputImageParam,
    "input_file": ResponseInputFileParam,
}


def assert_fits(value: Mapping[str, Any], kind: Any) -> None:
    assert value.keys() <= get_type_hints(kind).keys()
    assert kind.__required_keys__ <= value.keys()
    TypeAdapter(kind).validate_python(value)


def test_body_has_the_vendor_s_fields() -> None:
    body = OpenAIResponsesWire().render_request(REQUEST).body
    assert_fits(body, ResponseCreateParamsStreaming)
    assert_fits(body["tools"][0], FunctionToolParam)
    assert_fits(body["tool_choice"], ToolChoiceFunctionParam)
    assert_fits(body["text"]["format"], ResponseFormatTextJSONSchemaConfigParam)


@pytest.mark.parametrize("item", OpenAIResponsesWire().render_request(REQUEST).body["input"], ids=str)
def test_input_item_has_the_vendor_s_fields(item: dict[str, Any]) -> None:
    assert_fits(item, KINDS[item["type"]] if "type" in item else EasyInputMessageParam)
    for content in item.get("content") or ():
        if isinstance(content, dict) and content["type"] in KINDS:
            assert_fits(content, KINDS[content["type"]])


def test_token_count_has_the_vendor_s_fields() -> None:
    assert_fits(OpenAIResponsesWire().render_token_count(REQUEST).body, InputTokenCountParams)
