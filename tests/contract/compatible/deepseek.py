"""Calls of DeepSeek, which tells its users to take OpenAI's SDK."""

from __future__ import annotations

from tests.contract.compatible.bodies import LOOK, STREAMED, same
from tests.contract.compatible.framework import Vendor, chat
from tests.contract.compatible.openai_sdk import create_client

OPEN_REASONING = "A turn with calls that another vendor began brings an empty one."
DEEPSEEK = Vendor("deepseek", "deepseek-flash", "", create_client)
PARAMETERS = {"max_tokens": 9, "stop": "END", "logprobs": True}
ON, OFF = ({"thinking": {"type": state}} for state in ("enabled", "disabled"))
CALLS = [
    *same(DEEPSEEK, stream=STREAMED, result={"body.messages[2].reasoning_content": OPEN_REASONING}),
    chat(DEEPSEEK, "parameters", PARAMETERS, PARAMETERS),
    chat(DEEPSEEK, "an effort", {"reasoning_effort": "max", "extra_body": ON}, {"reasoning_effort": "max"}),
    chat(
        DEEPSEEK,
        "without thinking",
        {"temperature": 0.5, "extra_body": OFF},
        {"temperature": 0.5, "reasoning_effort": "none"},
    ),
    chat(DEEPSEEK, "an image", {"messages": LOOK}, {"messages": LOOK}),
]
