"""Calls of Together AI, with its own SDK."""

from __future__ import annotations

from together import AsyncTogether

from tests.contract.compatible.bodies import FORM, LOOK, OUR_FORM, OUR_TOOLS, SAMPLING, TOOLS, same
from tests.contract.compatible.framework import KEY, Vendor, chat, embed


def create_client(url: str) -> AsyncTogether:
    return AsyncTogether(api_key=KEY, base_url=url, max_retries=0)


TOGETHER = Vendor("together", "zai-org/GLM-5.3", "/v1", create_client)
KIMI = Vendor("together", "moonshotai/Kimi-K3", "/v1", create_client)
EMBEDDER = Vendor("together", "BAAI/bge-base-en-v1.5", "/v1", create_client)
PARAMETERS = {**SAMPLING, "max_tokens": 9, "seed": 7, "top_k": 5}
TURN_OF_REASONING = [
    {"role": "user", "content": "Hello!"},
    {"role": "assistant", "content": "Hi", "reasoning": "Greet."},
    {"role": "user", "content": "Again."},
]
CALLS = [
    *same(TOGETHER),
    chat(TOGETHER, "parameters", {**PARAMETERS, "stop": ["END"]}, {**PARAMETERS, "stop": "END"}),
    chat(TOGETHER, "log probabilities", {"logprobs": 3}, {"logprobs": True, "top_logprobs": 3}),
    chat(
        TOGETHER,
        "an effort",
        {"reasoning_effort": "high", "reasoning": {"enabled": True}},
        {"reasoning_effort": "high"},
    ),
    chat(TOGETHER, "without reasoning", {"reasoning": {"enabled": False}}, {"reasoning_effort": "none"}),
    chat(TOGETHER, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(
        TOGETHER,
        "a tool that must be called",
        {"tools": TOOLS, "tool_choice": "required"},
        {"tools": OUR_TOOLS, "tool_choice": "required"},
    ),
    chat(TOGETHER, "reasoning goes back", {"messages": TURN_OF_REASONING}, {"messages": TURN_OF_REASONING}),
    chat(KIMI, "an image", {"messages": LOOK}, {"messages": LOOK}),
    embed(EMBEDDER, "embeddings", {}, {}),
]
