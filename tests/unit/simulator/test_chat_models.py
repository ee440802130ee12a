"""The chat wire refuses what a model does not take, and prompts that do not fit its window."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import CHAT, chat_body, content, messages, post
from tests.unit.simulator.pictures import data_url, picture

TOOL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {}}},
}


def schema_format(schema: dict[str, Any]) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": schema}}}


REASONERS: list[tuple[str, dict[str, Any], str, str | None]] = [
    (
        "gpt-5",
        {"max_tokens": 10},
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "unsupported_parameter",
    ),
    (
        "o3",
        {"temperature": 0.5},
        "Unsupported value: 'temperature' does not support 0.5 with this model. "
        "Only the default (1) value is supported.",
        "unsupported_value",
    ),
    (
        "gpt-6-sol",
        {"frequency_penalty": 1},
        "Unsupported value: 'frequency_penalty' does not support 1 with this model. "
        "Only the default (0) value is supported.",
        "unsupported_value",
    ),
    (
        "gpt-5-mini",
        {"logprobs": True},
        "Unsupported parameter: 'logprobs' is not supported with this model.",
        "unsupported_parameter",
    ),
    (
        "o4-mini",
        {"tools": [TOOL], "parallel_tool_calls": False},
        "Unsupported parameter: 'parallel_tool_calls' is not supported with this model.",
        "unsupported_parameter",
    ),
    (
        "gpt-5",
        {"reasoning_effort": "none"},
        "Unsupported value: 'reasoning_effort' does not support 'none' with this model. "
        "Supported values are: 'minimal', 'low', 'medium', and 'high'.",
        "unsupported_value",
    ),
    (
        "gpt-6-astra",
        {"reasoning_effort": "minimal"},
        "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. "
        "Supported values are: 'low', 'medium', 'high', 'xhigh', and 'max'.",
        "unsupported_value",
    ),
]


@pytest.mark.parametrize(("model", "fields", "message", "code"), REASONERS)
async def test_reasoning_models_refuse_what_they_do_not_take(
    sim: Simulator, model: str, fields: dict[str, Any], message: str, code: str | None
) -> None:
    received = await post(sim, CHAT, chat_body(**fields) | {"model": model})
    assert (received.status, received.error["message"], received.error["code"]) == (400, message, code)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("gpt-5.4", {"temperature": 0.5}),
        ("gpt-5.6-sol", {"temperature": 0.5, "reasoning_effort": "none"}),
        ("gpt-5", {"temperature": 1, "top_p": 1, "presence_penalty": 0}),
        ("gpt-5", {"max_completion_tokens": 500, "reasoning_effort": "minimal", "verbosity": "low"}),
        ("gpt-4.1-mini", {"max_tokens": 50}),
        ("gpt-4.1-mini", {"max_completion_tokens": 50}),
        ("gpt-4.1-mini", {"temperature": None, "stop": None, "tools": [TOOL], "tool_choice": "none"}),
    ],
)
async def test_models_accept_what_they_take(sim: Simulator, model: str, fields: dict[str, Any]) -> None:
    assert (await post(sim, CHAT, chat_body(**fields) | {"model": model})).status == 200


async def test_unknown_model_is_not_found(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body() | {"model": "not-found-TEST_CHAT_MODEL"})
    assert received.status == 404
    assert received.error == {
        "message": "The model `not-found-TEST_CHAT_MODEL` does not exist or you do not have access to it.",
        "type": "invalid_request_error",
        "param": None,
        "code": "model_not_found",
    }


async def test_embedding_model_is_no_chat_model(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body() | {"model": "text-embedding-3-small"})
    assert received.status == 404
    assert received.error["message"].startswith("This is not a chat model")


async def test_image_on_a_blind_model_is_refused(sim: Simulator) -> None:
    part = {"type": "image_url", "image_url": {"url": data_url(picture(1, 1))}}
    received = await post(sim, CHAT, content(part) | {"model": "gpt-3.5-turbo"})
    assert received.error["message"] == "Invalid content type. image_url is only supported by certain models."
    assert received.error["param"] == "messages.[0].content.[0].type"


async def test_image_outside_a_user_message_is_refused(sim: Simulator) -> None:
    part = {"type": "image_url", "image_url": {"url": data_url(picture(1, 1))}}
    received = await post(sim, CHAT, chat_body() | messages({"role": "system", "content": [part]}))
    assert received.error["param"] == "messages[0]"
    assert "only allowed for messages with role 'user'" in received.error["message"]


async def test_structured_output_on_an_old_model_is_refused(sim: Simulator) -> None:
    body = chat_body(**schema_format({"type": "object", "properties": {}, "additionalProperties": False}))
    received = await post(sim, CHAT, body | {"model": "gpt-4-turbo"})
    assert "'response_format' of type 'json_schema' is not supported with this model" in received.error["message"]


async def test_prompt_over_the_window_is_refused_with_true_counts(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body("hello " * 8_200) | {"model": "gpt-4"})
    assert received.error["code"] == "context_length_exceeded"
    assert received.error["message"] == (
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 8208 tokens. "
        "Please reduce the length of the messages."
    )


async def test_prompt_and_completion_over_the_window_are_refused(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body("hello " * 8_000, max_tokens=1_000) | {"model": "gpt-4"})
    assert (
        "However, you requested 9008 tokens (8008 in the messages, 1000 in the completion)."
        in received.error["message"]
    )


async def test_prompt_over_the_input_limit_of_a_reasoner_is_refused(sim: Simulator) -> None:
    received = await post(sim, CHAT, chat_body("hello " * 272_100) | {"model": "gpt-5"})
    assert received.error["message"].startswith("Input tokens exceed the configured limit of 272000 tokens.")
    assert received.error["code"] == "context_length_exceeded"
