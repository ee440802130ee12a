"""Calls of Groq, with its own SDK."""

from __future__ import annotations

from groq import AsyncGroq

from tests.contract.compatible.bodies import FORM, LOOK, NAMED, OF_GET, OUR_FORM, OUR_TOOLS, SAMPLING, STREAMED, TOOLS
from tests.contract.compatible.bodies import same as same_calls
from tests.contract.compatible.framework import KEY, Vendor, chat, models


def create_client(url: str) -> AsyncGroq:
    return AsyncGroq(api_key=KEY, base_url=url, max_retries=0)


GROQ = Vendor("groq", "openai/gpt-oss-120b", "/openai/v1", create_client)
QWEN = Vendor("groq", "qwen/qwen3.8-27b", "/openai/v1", create_client)
PARAMETERS = {**SAMPLING, "seed": 7, "stop": "END", "parallel_tool_calls": False}
CALLS = [
    *same_calls(GROQ, stream=STREAMED),
    chat(
        GROQ,
        "parameters",
        {**PARAMETERS, "max_completion_tokens": 9, "tools": TOOLS},
        {**PARAMETERS, "max_tokens": 9, "tools": OUR_TOOLS},
    ),
    chat(
        GROQ,
        "an effort and a tier",
        {"reasoning_effort": "low", "service_tier": "flex"},
        {"reasoning_effort": "low", "service_tier": "flex"},
    ),
    chat(GROQ, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(GROQ, "a tool by name", {"tools": TOOLS, "tool_choice": NAMED}, {"tools": OUR_TOOLS, "tool_choice": "look"}),
    chat(QWEN, "an image", {"messages": LOOK, "reasoning_format": "parsed"}, {"messages": LOOK}),
    models(GROQ, **OF_GET),
]
