"""Calls of OpenRouter, with its own SDK."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from openrouter import OpenRouter
from openrouter.errors import ResponseValidationError

from tests.contract.compatible.bodies import FORM, NOT_STREAMED, OUR_FORM, SAMPLING, STREAMED, same
from tests.contract.compatible.framework import KEY, Call, Vendor, chat, drain


async def complete(client: OpenRouter, body: dict[str, Any]) -> None:
    # The SDK wants fields of an answer that OpenAI's form has not; what was sent is sent by then.
    with suppress(ResponseValidationError):
        await drain(await client.chat.send_async(**body), body)


async def embed(client: OpenRouter) -> None:
    with suppress(ResponseValidationError):
        await client.embeddings.generate_async(
            model=EMBEDDER.model,
            input=["Hello", "world"],
            dimensions=64,
            input_type="search_query",
            encoding_format="float",
        )


def create_client(url: str) -> OpenRouter:
    return OpenRouter(api_key=KEY, server_url=f"{url}/api/v1")


OPENROUTER = Vendor("openrouter", "google/gemini-3.8-flash", "/api/v1", create_client, complete)
HEARER = Vendor("openrouter", "google/gemini-3.1-flash-lite", "/api/v1", create_client, complete)
EMBEDDER = Vendor("openrouter", "openai/text-embedding-3-small", "/api/v1", create_client)
PARAMETERS = {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END", "top_k": 5}
ROUTE = {"models": ["x-ai/grok-4.7"], "provider": {"only": ["xai"]}}
SOUND = {"type": "input_audio", "input_audio": {"data": "UklGRgAAAABXQVZF", "format": "wav"}}
FILE = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}}
HEARD = [{"role": "user", "content": [SOUND, FILE]}]
CALLS = [
    *same(OPENROUTER, stream=STREAMED, message=NOT_STREAMED, JSON=NOT_STREAMED, result=NOT_STREAMED),
    chat(OPENROUTER, "parameters", PARAMETERS, PARAMETERS, **NOT_STREAMED),
    chat(
        OPENROUTER,
        "an effort",
        {"reasoning": {"effort": "low", "summary": "auto"}},
        {"reasoning_effort": "low", "reasoning_summary": "auto"},
        **NOT_STREAMED,
    ),
    chat(OPENROUTER, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}, **NOT_STREAMED),
    chat(OPENROUTER, "a route", ROUTE, {"provider_options": ROUTE}, **NOT_STREAMED),
    chat(HEARER, "sound and a file", {"messages": HEARD}, {"messages": HEARD}, **NOT_STREAMED),
    Call(
        EMBEDDER,
        "embeddings",
        embed,
        lambda llm: llm.embed(["Hello", "world"], dimensions=64, input_type="search_query"),
    ),
]
