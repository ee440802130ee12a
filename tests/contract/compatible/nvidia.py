"""Calls of NVIDIA's catalogue, which tells its users to take OpenAI's SDK."""

from __future__ import annotations

from tests.contract.compatible.bodies import (
    FORM,
    NAMED,
    OF_GET,
    OUR_FORM,
    OUR_TOOLS,
    SAMPLING,
    STREAMED,
    TOOLS,
    same,
)
from tests.contract.compatible.framework import Vendor, chat, embed, models
from tests.contract.compatible.openai_sdk import create_v1_client

NEMOTRON = Vendor("nvidia", "nvidia/nemotron-3-super-120b-a12b", "/v1", create_v1_client)
GLM = Vendor("nvidia", "z-ai/glm-5.3", "/v1", create_v1_client)
EMBEDDER = Vendor("nvidia", "baai/bge-m3", "/v1", create_v1_client)
PARAMETERS = {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END"}
ON, OFF = ({"chat_template_kwargs": {"enable_thinking": state}} for state in (True, False))
CALLS = [
    *same(NEMOTRON, stream=STREAMED),
    chat(NEMOTRON, "parameters", PARAMETERS, PARAMETERS),
    chat(NEMOTRON, "thinking", {"extra_body": ON}, {"reasoning_effort": "high"}),
    chat(NEMOTRON, "without thinking", {"extra_body": OFF}, {"reasoning_effort": "none"}),
    chat(NEMOTRON, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(
        NEMOTRON, "a tool by name", {"tools": TOOLS, "tool_choice": NAMED}, {"tools": OUR_TOOLS, "tool_choice": "look"}
    ),
    embed(
        EMBEDDER,
        "embeddings",
        {"encoding_format": "float", "extra_body": {"input_type": "query"}},
        {"input_type": "query"},
    ),
    models(GLM, **OF_GET),
]
