"""This SDK with Gemini's models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.llms.providers.google import create_google_llm
from tests.benchmarks.clients.core_llms import CoreLLMs
from tests.benchmarks.vendors.google import GOOGLE


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[CoreLLMs]:
    """Open an LLM."""
    async with create_google_llm(GOOGLE.model, api_key="sk-benchmark", base_url=address) as llm:
        yield CoreLLMs(llm)
