"""This SDK with OpenAI's models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.llms.providers.openai import create_openai_llm
from tests.benchmarks.clients.core_llms import CoreLLMs
from tests.benchmarks.vendors.openai import OPENAI


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[CoreLLMs]:
    """Open an LLM."""
    async with create_openai_llm(OPENAI.model, api_key="sk-benchmark", base_url=f"{address}/v1", wire="chat") as llm:
        yield CoreLLMs(llm)
