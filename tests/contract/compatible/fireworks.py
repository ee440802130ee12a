"""Calls of Fireworks AI, with its own SDK; embeddings, which that lacks, with OpenAI's, as Fireworks documents it."""

from __future__ import annotations

from fireworks import AsyncFireworks
from openai import AsyncOpenAI

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
from tests.contract.compatible.framework import KEY, Vendor, chat, embed, models
from tests.contract.compatible.openai_sdk import create_client as create_openai_client

PATH = "/inference/v1"
MODELS = "accounts/fireworks/models/"


def create_client(url: str) -> AsyncFireworks:
    return AsyncFireworks(api_key=KEY, base_url=f"{url}/inference", account_id="me", max_retries=0)


def create_other_client(url: str) -> AsyncOpenAI:
    return create_openai_client(url + PATH)


FIREWORKS = Vendor("fireworks", MODELS + "glm-5p3", PATH, create_client)
KIMI = Vendor("fireworks", MODELS + "kimi-k3", PATH, create_client)
EMBEDDER = Vendor("fireworks", "nomic-ai/nomic-embed-text-v1.5", PATH, create_other_client)
PARAMETERS = {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END", "top_k": 5, "logprobs": True, "top_logprobs": 2}
CACHED = {"prompt_cache_key": "a", "service_tier": "priority"}
BASE64 = (
    'OpenAI\'s SDK asks for `encoding_format: "base64"`, which Fireworks does not document; we leave it out, and read '
    "either form."
)
CALLS = [
    *same(FIREWORKS, stream=STREAMED),
    chat(FIREWORKS, "parameters", PARAMETERS, PARAMETERS),
    chat(FIREWORKS, "an effort", {"reasoning_effort": "low"}, {"reasoning_effort": "low"}),
    chat(FIREWORKS, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(
        FIREWORKS,
        "a tool by name, one at a time",
        {"tools": TOOLS, "tool_choice": NAMED, "parallel_tool_calls": False},
        {"tools": OUR_TOOLS, "tool_choice": "look", "parallel_tool_calls": False},
    ),
    chat(FIREWORKS, "a cache's key and a tier", CACHED, CACHED),
    chat(KIMI, "an image", {"messages": LOOK}, {"messages": LOOK}),
    embed(
        EMBEDDER, "embeddings, shortened", {"dimensions": 64}, {"dimensions": 64}, **{"body.encoding_format": BASE64}
    ),
    models(EMBEDDER, **OF_GET),
]
