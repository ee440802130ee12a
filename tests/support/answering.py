"""An LLM over a real server that gives prepared answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from tests.support.raw_server import Exchange, raw_server


@asynccontextmanager
async def answering(
    *bodies: bytes, model: str = "gpt-4.1-mini", **options: Any
) -> AsyncIterator[tuple[OpenAIBaseLLM, list[dict[str, Any]]]]:
    """An LLM whose n-th request is answered by the n-th body, and the bodies that it sent."""
    sent: list[dict[str, Any]] = []

    async def handle(exchange: Exchange) -> None:
        sent.append(json.loads(exchange.body))
        await exchange.answer(bodies[min(len(sent), len(bodies)) - 1])

    async with (
        raw_server(handle) as server,
        create_openai_llm(model, api_key="k", base_url=server.url, **options) as llm,
    ):
        yield llm, sent
