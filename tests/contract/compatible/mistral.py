"""Calls of Mistral, with its own SDK."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from mistralai.client import Mistral
from mistralai.client.errors.responsevalidationerror import ResponseValidationError

from tests.contract.compatible.bodies import LOOK, NOT_STREAMED, OF_GET, OUR_TOOLS, SAMPLING, TOOLS, same
from tests.contract.compatible.framework import KEY, Call, Vendor, chat, drain

DEFAULTS = "The SDK sends `prefix: false` and a call's `index: 0`, the defaults, too; we leave them out."


async def complete(client: Mistral, body: dict[str, Any]) -> None:
    if body.pop("stream", False):
        await drain(await client.chat.stream_async(**body), {"stream": True})
    else:
        await client.chat.complete_async(**body)


# The SDK wants fields of answers that OpenAI's forms have not; what was sent is sent by then.
async def embed(client: Mistral) -> None:
    with suppress(ResponseValidationError):
        await client.embeddings.create_async(
            model=EMBEDDER.model, inputs=["Hello", "world"], output_dimension=64, encoding_format="float"
        )


async def list_models(client: Mistral) -> None:
    with suppress(ResponseValidationError):
        await client.models.list_async()


def create_client(url: str) -> Mistral:
    return Mistral(api_key=KEY, server_url=url)


MISTRAL = Vendor("mistral", "mistral-medium-latest", "/v1", create_client, complete)
VOXTRAL = Vendor("mistral", "voxtral-small-latest", "/v1", create_client, complete)
EMBEDDER = Vendor("mistral", "codestral-embed", "/v1", create_client)
DOCUMENT = {"type": "document_url", "document_url": "data:application/pdf;base64,JVBERi0=", "document_name": "a.pdf"}
OUR_DOCUMENT = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
SOUND = "UklGRgAAAABXQVZF"
OUR_SOUND = {"type": "input_audio", "input_audio": {"data": SOUND, "format": "wav"}}
PARAMETERS = {**SAMPLING, "max_tokens": 9, "top_k": 5, "stop": "END"}
OF_TURN = dict.fromkeys(("body.messages[2].prefix", "body.messages[2].tool_calls[0].index"), DEFAULTS)
CALLS = [
    *same(MISTRAL, message=NOT_STREAMED, JSON=NOT_STREAMED, result={**NOT_STREAMED, **OF_TURN}),
    chat(MISTRAL, "parameters", {**PARAMETERS, "random_seed": 7}, {**PARAMETERS, "seed": 7}, **NOT_STREAMED),
    chat(MISTRAL, "an effort", {"reasoning_effort": "high"}, {"reasoning_effort": "high"}, **NOT_STREAMED),
    chat(
        MISTRAL,
        "a tool that must be called, one at a time",
        {"tools": TOOLS, "tool_choice": "any", "parallel_tool_calls": False},
        {"tools": OUR_TOOLS, "tool_choice": "required", "parallel_tool_calls": False},
        **NOT_STREAMED,
    ),
    chat(MISTRAL, "an image", {"messages": LOOK}, {"messages": LOOK}, **NOT_STREAMED),
    chat(
        MISTRAL,
        "a document",
        {"messages": [{"role": "user", "content": [DOCUMENT]}]},
        {"messages": [{"role": "user", "content": [OUR_DOCUMENT]}]},
        **NOT_STREAMED,
    ),
    chat(
        VOXTRAL,
        "a recording",
        {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": SOUND}]}]},
        {"messages": [{"role": "user", "content": [OUR_SOUND]}]},
        **NOT_STREAMED,
    ),
    Call(EMBEDDER, "embeddings, shortened", embed, lambda llm: llm.embed(["Hello", "world"], dimensions=64)),
    Call(MISTRAL, "models", list_models, lambda llm: llm.list_models(), OF_GET),
]
