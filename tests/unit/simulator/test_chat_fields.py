"""The chat wire refuses fields of a wrong name, type, range or shape, in OpenAI's words."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import CHAT, chat_body, content, messages, post

REFUSED: list[tuple[dict[str, Any], str, str | None, str | None]] = [
    ({"foo": 1}, "Unrecognized request argument supplied: foo", None, None),
    ({"foo": 1, "bar": 2}, "Unrecognized request arguments supplied: foo, bar", None, None),
    (
        {"messages": "Hello!"},
        "Invalid type for 'messages': expected an array of objects, but got a string instead.",
        "messages",
        "invalid_type",
    ),
    (
        {"messages": []},
        "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
        "messages",
        "empty_array",
    ),
    (
        messages({"role": "robot", "content": "a"}),
        "Invalid value: 'robot'. Supported values are: 'system', 'assistant', 'user', 'tool', and 'developer'.",
        "messages[0].role",
        "invalid_value",
    ),
    (
        messages({"content": "a"}),
        "Missing required parameter: 'messages[0].role'.",
        "messages[0].role",
        "missing_required_parameter",
    ),
    (
        messages({"role": "user"}),
        "Missing required parameter: 'messages[0].content'.",
        "messages[0].content",
        "missing_required_parameter",
    ),
    (
        messages({"role": "user", "content": None}),
        "Invalid value for 'content': expected a string, got null.",
        "messages.[0].content",
        None,
    ),
    (
        messages({"role": "user", "content": 3}),
        "Invalid type for 'messages[0].content': expected one of a string or array of objects, "
        "but got an integer instead.",
        "messages[0].content",
        "invalid_type",
    ),
    (
        messages({"role": "user", "content": "a", "colour": 1}),
        "Unknown parameter: 'messages[0].colour'.",
        "messages[0].colour",
        "unknown_parameter",
    ),
    (
        content({"type": "text"}),
        "Missing required parameter: 'messages[0].content[0].text'.",
        "messages[0].content[0].text",
        "missing_required_parameter",
    ),
    (
        content({"type": "smell", "text": "a"}),
        "Invalid value: 'smell'. Supported values are: 'text', 'image_url', 'input_audio', and 'file'.",
        "messages[0].content[0].type",
        "invalid_value",
    ),
    (
        {"temperature": 3},
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
        "temperature",
        "decimal_above_max_value",
    ),
    (
        {"presence_penalty": -2.5},
        "Invalid 'presence_penalty': decimal below minimum value. Expected a value >= -2, but got -2.5 instead.",
        "presence_penalty",
        "decimal_below_min_value",
    ),
    (
        {"temperature": "hot"},
        "Invalid type for 'temperature': expected a decimal, but got a string instead.",
        "temperature",
        "invalid_type",
    ),
    (
        {"n": 0},
        "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "n",
        "integer_below_min_value",
    ),
    (
        {"n": 129},
        "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.",
        "n",
        "integer_above_max_value",
    ),
    (
        {"max_tokens": 1.5},
        "Invalid type for 'max_tokens': expected an integer, but got a decimal instead.",
        "max_tokens",
        "invalid_type",
    ),
    (
        {"max_tokens": 40_000},
        "max_tokens is too large: 40000. This model supports at most 32768 completion tokens, "
        "whereas you provided 40000.",
        "max_tokens",
        "invalid_value",
    ),
    (
        {"max_tokens": 5, "max_completion_tokens": 5},
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        "max_tokens",
        "invalid_parameter_combination",
    ),
    (
        {"stop": ["a", "b", "c", "d", "e"]},
        "Invalid 'stop': array too long. Expected an array with maximum length 4, "
        "but got an array with length 5 instead.",
        "stop",
        "array_above_max_length",
    ),
    (
        {"stream_options": {}},
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        "stream_options",
        None,
    ),
    (
        {"top_logprobs": 2},
        "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
        "top_logprobs",
        None,
    ),
    (
        {"logprobs": True, "top_logprobs": 21},
        "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 21 instead.",
        "top_logprobs",
        "integer_above_max_value",
    ),
    ({"metadata": {"a": "b"}}, "The 'metadata' parameter is only allowed when 'store' is enabled.", "metadata", None),
    (
        {"response_format": {"type": "json_object"}},
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        "messages",
        None,
    ),
    (
        {"reasoning_effort": "low"},
        "Unrecognized request argument supplied: reasoning_effort",
        None,
        None,
    ),
    (
        {"reasoning_effort": "heroic"},
        "Invalid value: 'heroic'. "
        "Supported values are: 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', and 'max'.",
        "reasoning_effort",
        "invalid_value",
    ),
    ({"web_search_options": {}}, "Web search options not supported with this model.", None, None),
    (
        {"verbosity": "low"},
        "Unsupported value: 'verbosity' does not support 'low' with this model. Supported values are: 'medium'.",
        "verbosity",
        "unsupported_value",
    ),
    (
        {"modalities": ["text", "audio"]},
        "Invalid value: 'audio'. The simulator answers in text only. Supported values are: 'text'.",
        "modalities",
        "invalid_value",
    ),
    (
        {"functions": []},
        "Unsupported parameter: 'functions' is not supported with this model. Use 'tools' instead.",
        "functions",
        "unsupported_parameter",
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
