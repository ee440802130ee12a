"""LLMs with fallbacks, over simulators."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from tenacity import wait_none

from core.llms import FallbackPolicy, LLMError, LLMResponse, RetryPolicy
from core.llms.providers.anthropic import create_anthropic_llm
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.google import create_google_llm
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.simulator import Simulator
from tests.integration.models import MODEL

FAST = RetryPolicy(wait=wait_none())
NO_BREAKER = FallbackPolicy(breaker=None)


@asynccontextmanager
async def two(
    policy: FallbackPolicy | None = None, model: str = MODEL, other_model: str = MODEL, **options: Any
) -> AsyncIterator[tuple[OpenAIBaseLLM, Simulator, Simulator]]:
    """An LLM with a fallback of another region, and the servers of both."""
    async with AsyncExitStack() as stack:
        near = await stack.enter_async_context(Simulator())
        far = await stack.enter_async_context(Simulator())
        first = create(near.openai_base_url, model, **options)
        other = create(far.openai_base_url, other_model, **options)
        yield await stack.enter_async_context(first.with_fallback(other, policy=policy)), near, far


def outcomes(answer: LLMResponse | LLMError) -> list[str]:
    """How each attempt ended."""
    return [attempt.outcome for attempt in answer.attempts]


def create(url: str, model: str = MODEL, **options: Any) -> OpenAIBaseLLM:
    """An LLM of a server, that tries again without waiting."""
    return create_openai_llm(model, **{"api_key": "k", "base_url": url, "retry": FAST, **options})


def unlike(sim: Simulator) -> BaseLLM:
    """OpenAI, then Anthropic, then Google."""
    return create(sim.openai_base_url).with_fallback(
        create_anthropic_llm("claude-haiku-4-5", api_key="k", base_url=sim.base_url("anthropic")),
        create_google_llm("gemini-2.5-flash", api_key="k", base_url=sim.base_url("google")),
    )
