"""Calling the simulated watsonx.ai without any SDK, and one good, rich request for each of its operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import Received, post
from tests.unit.simulator.pictures import data_url, picture

PROJECT = "12ac4cf1-252f-424b-b52d-5cdd9814987f"
MODEL = "mistralai/mistral-medium-2505"
OSS = "openai/gpt-oss-120b"
TOKEN_PATH = "/watsonx/identity/token"
GRANT = "urn:ibm:params:oauth:grant-type:apikey"
VERSION = "2026-10-14"


def path(operation: str = "chat") -> str:
    return f"/watsonx/ml/v1/text/{operation}?version={VERSION}"


def deployed(name: str = "my_model", operation: str = "chat") -> str:
    return f"/watsonx/ml/v1/deployments/{name}/text/{operation}?version={VERSION}"


async def ask_token(sim: Simulator, form: Mapping[str, str], **headers: str) -> Received:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sim.url}{TOKEN_PATH}", data=form, headers=headers) as response,
    ):
        return Received(response.status, response.headers, await response.read())


async def authorization(sim: Simulator, key: str = "k") -> dict[str, str]:
    received = await ask_token(sim, {"grant_type": GRANT, "apikey": key})
    return {"Authorization": f"Bearer {received.json['access_token']}"}


async def ask(sim: Simulator, body: Any, operation: str = "chat", fault: Mapping[str, Any] | None = None) -> Received:
    return await post(sim, path(operation), body, headers=await authorization(sim), fault=fault)


def chat(*messages: Any, **fields: Any) -> dict[str, Any]:
    turns = [{"role": "user", "content": entry} if isinstance(entry, str) else entry for entry in messages]
    return {"model_id": MODEL, "project_id": PROJECT, "messages": turns, **fields}


LOOK = {
    "type": "function",
    "function": {
        "name": "look",
        "description": "Looks",
        "parameters": {"type": "object", "properties": {"name": {"type": "string"}}},
        "strict": True,
    },
}
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
_CONTENT = [
    {"type": "text", "text": "And this?"},
    {"type": "image_url", "image_url": {"url": data_url(picture(2, 2)), "detail": "low"}},
]
CHAT: dict[str, Any] = {
    "model_id": MODEL,
    "project_id": PROJECT,
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Look for me.", "name": "ada"},
        {"role": "assistant", "content": None, "reasoning_content": "I look.", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "seen"},
        {"role": "assistant", "content": "I have looked.", "refusal": None},
        {"role": "user", "content": _CONTENT},
    ],
    "tools": [LOOK],
    "tool_choice": {"type": "function", "function": {"name": "look"}},
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "person", "description": "A person", "schema": {"type": "object"}, "strict": True},
    },
    "temperature": 0.5,
    "top_p": 0.5,
    "n": 1,
    "max_completion_tokens": 100,
    "presence_penalty": 0.1,
    "frequency_penalty": 0.1,
    "repetition_penalty": 1.1,
    "length_penalty": 1.0,
    "logprobs": True,
    "top_logprobs": 2,
    "logit_bias": {"1003": -100},
    "seed": 7,
    "stop": ["END"],
    "time_limit": 60_000,
    "chat_template_kwargs": {"thinking": True},
    "reasoning_effort": "low",
    "include_reasoning": True,
    "crypto": {"key_ref": "crn:v1:kms"},
}
CHAT_OPTIONAL = frozenset(
    {
        "messages[1].name",
        "messages[2].content",
        "messages[2].reasoning_content",
        "messages[4].refusal",
        "messages[5].content[1].image_url.detail",
        "tools[0].function.description",
        "tools[0].function.parameters",
        "tools[0].function.strict",
        "response_format.json_schema.description",
        "response_format.json_schema.strict",
        "crypto.key_ref",
    }
    | set(CHAT) - {"model_id", "project_id", "messages", "tools", "logprobs"}
)
DEPLOYED = {name: value for name, value in CHAT.items() if name != "model_id"}
GENERATION: dict[str, Any] = {
    "model_id": "ibm/granite-4-h-small",
    "project_id": PROJECT,
    "input": "Say: one two",
    "parameters": {
        "decoding_method": "greedy",
        "length_penalty": {"decay_factor": 2.5, "start_index": 5},
        "temperature": 0.5,
        "top_p": 0.5,
        "top_k": 1,
        "random_seed": 33,
        "repetition_penalty": 1.5,
        "min_new_tokens": 1,
        "max_new_tokens": 10,
        "stop_sequences": ["END"],
        "time_limit": 60_000,
        "truncate_input_tokens": 200,
        "return_options": {"input_text": True, "top_n_tokens": 1},
        "include_stop_sequence": True,
    },
    "moderations": {"hap": {}},
}
GENERATION_OPTIONAL = frozenset(
    {
        "parameters",
        "moderations",
        "parameters.length_penalty.decay_factor",
        "parameters.length_penalty.start_index",
        "parameters.return_options.input_text",
        "parameters.return_options.top_n_tokens",
        *(f"parameters.{name}" for name in GENERATION["parameters"]),
    }
)
EMBEDDINGS: dict[str, Any] = {
    "model_id": "ibm/slate-125m-english-rtrvr-v2",
    "project_id": PROJECT,
    "inputs": ["hello", "world"],
    "parameters": {"truncate_input_tokens": 100, "return_options": {"input_text": True}},
}
EMBEDDINGS_OPTIONAL = frozenset(
    {
        "parameters",
        "parameters.truncate_input_tokens",
        "parameters.return_options",
        "parameters.return_options.input_text",
    }
)
TOKENIZATION: dict[str, Any] = {
    "model_id": "ibm/granite-4-h-small",
    "project_id": PROJECT,
    "input": "hello",
    "parameters": {"return_tokens": True},
}
TOKENIZATION_OPTIONAL = frozenset({"parameters", "parameters.return_tokens"})
