"""Calls of Cerebras, with its own SDK."""

from __future__ import annotations

from cerebras.cloud.sdk import AsyncCerebras

from tests.contract.compatible.bodies import (
    FORM,
    LOOK,
    NAMED,
    OF_GET,
    OUR_FORM,
    OUR_TOOLS,
    SAMPLING,
    STREAMED,
    TOOLS,
    same,
)
from tests.contract.compatible.framework import KEY, Vendor, chat, models


def create_client(url: str) -> AsyncCerebras:
    return AsyncCerebras(api_key=KEY, base_url=url, max_retries=0, warm_tcp_connection=False)


CEREBRAS = Vendor("cerebras", "gpt-oss-120b", "/v1", create_client)
QWEN = Vendor("cerebras", "qwen-3.8-27b", "/v1", create_client)
PARAMETERS = {**SAMPLING, "seed": 7, "stop": "END", "logprobs": True, "top_logprobs": 2}
CALLS = [
    *same(CEREBRAS, stream=STREAMED),
    chat(CEREBRAS, "parameters", {**PARAMETERS, "max_completion_tokens": 9}, {**PARAMETERS, "max_tokens": 9}),
    chat(CEREBRAS, "an effort", {"reasoning_effort": "low"}, {"reasoning_effort": "low"}),
    chat(CEREBRAS, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(
        CEREBRAS,
        "a tool by name, one at a time",
        {"tools": TOOLS, "tool_choice": NAMED, "parallel_tool_calls": False},
        {"tools": OUR_TOOLS, "tool_choice": "look", "parallel_tool_calls": False},
    ),
    chat(QWEN, "an image", {"messages": LOOK}, {"messages": LOOK}),
    models(CEREBRAS, **OF_GET),
]
