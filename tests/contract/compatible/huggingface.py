"""Calls of Hugging Face's router, with `huggingface_hub`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from huggingface_hub import AsyncInferenceClient
from huggingface_hub.inference._providers import CONVERSATIONAL_AUTO_ROUTER

from tests.contract.compatible.bodies import (
    FORM,
    LOOK,
    NAMED,
    NOT_STREAMED,
    OUR_FORM,
    OUR_TOOLS,
    SAMPLING,
    STREAMED,
    TOOLS,
    same,
)
from tests.contract.compatible.framework import Vendor, chat, drain


async def complete(client: AsyncInferenceClient, body: dict[str, Any]) -> None:
    await drain(await client.chat_completion(**body), body)


@asynccontextmanager
async def create_client(url: str) -> AsyncIterator[AsyncInferenceClient]:
    # The SDK knows the router's address by heart: with a `base_url` it would speak to a text generation server.
    with patch.object(CONVERSATIONAL_AUTO_ROUTER, "base_url", url):
        async with AsyncInferenceClient(api_key=TOKEN) as client:
            yield client


NULL = "A turn of calls alone has `content: null`, as OpenAI has it; the SDK leaves out whatever is null."
TOKEN = "hf_contract"
HUGGINGFACE = Vendor("huggingface", "zai-org/GLM-5.3", "/v1", create_client, complete, key=TOKEN)
QWEN = Vendor("huggingface", "Qwen/Qwen3.8-27B", "/v1", create_client, complete, key=TOKEN)
PARAMETERS = {**SAMPLING, "max_tokens": 9, "seed": 7, "frequency_penalty": 0.1, "presence_penalty": 0.2}
CALLS = [
    *same(
        HUGGINGFACE,
        stream=STREAMED,
        message=NOT_STREAMED,
        JSON=NOT_STREAMED,
        result={**NOT_STREAMED, "body.messages[2].content": NULL},
    ),
    chat(HUGGINGFACE, "parameters", {**PARAMETERS, "stop": ["END"]}, {**PARAMETERS, "stop": ["END"]}, **NOT_STREAMED),
    chat(
        HUGGINGFACE,
        "an effort",
        {"extra_body": {"reasoning_effort": "low"}},
        {"reasoning_effort": "low"},
        **NOT_STREAMED,
    ),
    chat(HUGGINGFACE, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}, **NOT_STREAMED),
    chat(
        HUGGINGFACE,
        "a tool by name",
        {"tools": TOOLS, "tool_choice": NAMED},
        {"tools": OUR_TOOLS, "tool_choice": "look"},
        **NOT_STREAMED,
    ),
    chat(QWEN, "an image", {"messages": LOOK}, {"messages": LOOK}, **NOT_STREAMED),
]
