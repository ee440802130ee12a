"""The errors of the vendors of OpenAI's chat wire, word for word where they were recorded or reported."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import post
from tests.unit.simulator.compatible_requests import RICH

PATHS = {name: rich.path for name, rich in RICH.items()}
HELLO = [{"role": "user", "content": "Hello!"}]
LOOK = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
CALLED = [*HELLO, {"role": "assistant", "content": "", "tool_calls": [LOOK]}]
CALLED.append({"role": "tool", "tool_call_id": "call_1", "content": "seen"})
ECHOED = [*HELLO, {"role": "assistant", "content": "Hi.", "reasoning_content": "I greet."}, *HELLO]
PICTURE = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]}]
GPT_OSS = "openai/gpt-oss-120b"
NEMOTRON = "nvidia/nemotron-3-super-120b-a12b"

CASES: list[tuple[str, str, dict[str, Any], int, Any]] = [
    (
        "groq",
        GPT_OSS,
        {"messages": ECHOED},
        400,
        {
            "error": {
                "message": "'messages.1' : property 'reasoning_content' is unsupported",
                "type": "invalid_request_error",
            }
        },
    ),
    (
        "mistral",
        "definitely-not-a-model",
        {},
        400,
        {
            "object": "error",
            "message": "Invalid model: definitely-not-a-model",
            "type": "invalid_model",
            "param": None,
            "code": "1500",
            "raw_status_code": 400,
        },
    ),
    (
        "mistral",
        "mistral-small-latest",
        {"logprobs": True},
        400,
        {
            "object": "error",
            "message": "Logprobs are not enabled for this model",
            "type": "invalid_request_invalid_args",
            "param": None,
            "code": "3051",
            "raw_status_code": 400,
        },
    ),
    (
        "mistral",
        "mistral-small-latest",
        {"seed": 7},
        422,
        {
            "detail": [
                {
                    "type": "extra_forbidden",
                    "loc": ["body", "seed"],
                    "msg": "Extra inputs are not permitted",
                    "input": None,
                }
            ]
        },
    ),
    (
        "deepseek",
        "deepseek-v4-pro",
        {"messages": CALLED},
        400,
        {
            "error": {
                "message": "The `reasoning_content` in the thinking mode must be passed back to the API.",
                "type": "invalid_request_error",
                "param": None,
                "code": "invalid_request_error",
            }
        },
    ),
    (
        "deepseek",
        "deepseek-v4-pro",
        {"messages": PICTURE},
        400,
        {
            "error": {
                "message": "Failed to deserialize the JSON body into the target type: messages[0]: unknown variant "
                "`image_url`, expected `text`",
                "type": "invalid_request_error",
                "param": None,
                "code": "invalid_request_error",
            }
        },
    ),
    (
        "xai",
        "grok-4.7",
        {"presence_penalty": 0},
        400,
        {
            "code": "Client specified an invalid argument",
            "error": "Model grok-4.7 does not support parameter presencePenalty.",
        },
    ),
    (
        "openrouter",
        "qwen/qwen-2.5-coder-32b-instruct",
        {"tools": [{"type": "function", "function": {"name": "look"}}]},
        404,
        {
            "error": {
                "message": "No endpoints found that support tool use. To learn more about provider routing, visit: "
                "https://openrouter.ai/docs/guides/routing/provider-selection",
                "code": 404,
            },
            "user_id": "user_simulated",
        },
    ),
    (
        "fireworks",
        "nobody/no-such-model",
        {},
        404,
        {
            "error": {
                "message": "Model not found, inaccessible, and/or not deployed",
                "param": "model",
                "code": "NOT_FOUND",
                "type": "error",
            }
        },
    ),
    (
        "fireworks",
        "accounts/fireworks/models/kimi-k3",
        {"store": False},
        400,
        {
            "error": {
                "object": "error",
                "type": "invalid_request_error",
                "code": "invalid_request_error",
                "message": "Extra inputs are not permitted, field: 'store', value: None",
            }
        },
    ),
    (
        "perplexity",
        "sonar",
        {"messages": [{"role": "user", "content": "word " * 130_000}]},
        400,
        {
            "error": {
                "message": "The total length of all messages is too long.",
                "type": "too_many_prompt_tokens",
                "code": 400,
            }
        },
    ),
    (
        "cerebras",
        "gpt-oss-120b",
        {"messages": ECHOED},
        400,
        {
            "message": "messages.1.assistant.reasoning_content: property 'messages.1.assistant.reasoning_content' is "
            "unsupported",
            "type": "invalid_request_error",
            "param": "validation_error",
            "code": "wrong_api_format",
        },
    ),
    (
        "cerebras",
        "gpt-oss-120b",
        {"store": True},
        400,
        {
            "message": "body.store: property 'body.store' is unsupported",
            "type": "invalid_request_error",
            "param": "validation_error",
            "code": "wrong_api_format",
        },
    ),
    (
        "huggingface",
        f"{GPT_OSS}:nobody",
        {},
        400,
        {
            "error": {
                "message": f"The requested model '{GPT_OSS}:nobody' is not supported by provider 'nobody'.",
                "type": "invalid_request_error",
                "param": "model",
                "code": "model_not_supported",
            }
        },
    ),
    (
        "nvidia",
        NEMOTRON,
        {"prompt_cache_key": "key"},
        400,
        {
            "error": {
                "message": "Validation: Unsupported parameter(s): `prompt_cache_key`",
                "type": "Bad Request",
                "code": 400,
            }
        },
    ),
    (
        "openai_compatible",
        "qwen3-8b",
        {"reasoning_effort": "low"},
        400,
        {
            "error": {
                "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'reasoning_effort'), "
                "'msg': 'Extra inputs are not permitted'}]",
                "type": "BadRequestError",
                "param": "reasoning_effort",
                "code": 400,
            }
        },
    ),
]
KEYS: list[tuple[str, str, int, Any]] = [
    (
        "groq",
        GPT_OSS,
        401,
        {"error": {"message": "Invalid API Key", "type": "invalid_request_error", "code": "invalid_api_key"}},
    ),
    ("mistral", "mistral-small-latest", 401, {"detail": "Invalid API Key"}),
    (
        "deepseek",
        "deepseek-chat",
        401,
        {
            "error": {
                "message": "Authentication Fails, Your api key: ****-key is invalid",
                "type": "authentication_error",
                "param": None,
                "code": "invalid_request_error",
            }
        },
    ),
    (
        "xai",
        "grok-4.7",
        400,
        {
            "code": "invalid-argument",
            "error": "Incorrect API key provided. You can obtain an API key from https://console.x.ai.",
        },
    ),
    (
        "perplexity",
        "sonar",
        401,
        {
            "error": {
                "message": "Invalid API key provided. Ensure your API key is correct and active.",
                "type": "invalid_api_key",
                "code": 401,
            }
        },
    ),
]


@pytest.mark.parametrize(("vendor", "model", "spoiled", "status", "body"), CASES)
async def test_mistake_has_the_vendors_words(
    sim: Simulator, vendor: str, model: str, spoiled: dict[str, Any], status: int, body: Any
) -> None:
    received = await post(sim, PATHS[vendor], {"model": model, "messages": HELLO, **spoiled})
    assert (received.status, received.json) == (status, body)


@pytest.mark.parametrize(("vendor", "model", "status", "body"), KEYS)
async def test_wrong_key_has_the_vendors_words(sim: Simulator, vendor: str, model: str, status: int, body: Any) -> None:
    key = {"Authorization": "Bearer invalid-key"}
    received = await post(sim, PATHS[vendor], {"model": model, "messages": HELLO}, headers=key)
    assert (received.status, received.json) == (status, body)


async def test_text_of_xai_that_it_cannot_read_is_plain(sim: Simulator) -> None:
    received = await post(sim, PATHS["xai"], {"model": "grok-4.7", "messages": HELLO, "temperature": "hot"})
    assert (received.status, received.headers["content-type"]) == (422, "text/plain; charset=utf-8")
    assert received.content.startswith(b"Failed to deserialize the JSON body into the target type: temperature")


async def test_role_of_developers_is_known_where_the_vendor_knows_it(sim: Simulator) -> None:
    asked = [{"role": "developer", "content": "Be brief."}, *HELLO]
    statuses = {}
    for vendor, rich in RICH.items():
        body = {"model": rich.body["model"], "messages": asked}
        statuses[vendor] = (await post(sim, rich.path, body)).status
    taking = {vendor for vendor, status in statuses.items() if status == 200}
    assert taking == {"groq", "openrouter", "xai"}
    oss = await post(sim, PATHS["cerebras"], {"model": "gpt-oss-120b", "messages": asked})
    assert oss.status == 200
