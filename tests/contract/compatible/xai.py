"""Calls of xAI's chat completions, for which it tells its users to take OpenAI's SDK."""

from __future__ import annotations

from tests.contract.compatible.bodies import FORM, LOOK, OUR_FORM, OUR_TOOLS, SAMPLING, STREAMED, TOOLS, same
from tests.contract.compatible.framework import Vendor, chat
from tests.contract.compatible.openai_sdk import create_v1_client

XAI = Vendor("xai", "grok-4.7", "/v1", create_v1_client)
PARAMETERS = {**SAMPLING, "max_tokens": 9, "seed": 7}
CALLS = [
    *same(XAI, stream=STREAMED),
    chat(XAI, "parameters", PARAMETERS, PARAMETERS),
    chat(XAI, "an effort", {"reasoning_effort": "low"}, {"reasoning_effort": "low"}),
    chat(XAI, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(XAI, "an image", {"messages": LOOK}, {"messages": LOOK}),
    chat(
        XAI,
        "one tool at a time",
        {"tools": TOOLS, "parallel_tool_calls": False},
        {"tools": OUR_TOOLS, "parallel_tool_calls": False},
    ),
]
