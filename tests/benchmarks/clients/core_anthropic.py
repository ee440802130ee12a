"""This SDK with Anthropic's models."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.llms.providers.anthropic import create_anthropic_llm
from tests.benchmarks.clients.core_llms import CoreLLMs
from tests.benchmarks.vendors.anthropic import ANTHROPIC


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[CoreLLMs]:
    """Open an LLM."""
    async with create_anthropic_llm(ANTHROPIC.model, api_key="sk-benchmark", base_url=address) as llm:
        yield CoreLLMs(llm)
