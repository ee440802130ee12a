"""A few calls of a real Azure OpenAI deployment, named by AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_DEPLOYMENT."""

from __future__ import annotations

import os

import pytest

from core.llms import AuthenticationError, LLMContext, NotFoundError
from core.llms.providers.azure import create_azure_llm

pytestmark = [
    pytest.mark.skipif(not os.environ.get(name), reason=f"{name} is not set")
    for name in ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY")
]
MODEL = "gpt-4.1-mini"
ROUTES = pytest.mark.parametrize("version", [None, "2024-10-21"], ids=["v1", "dated"])


@ROUTES
async def test_deployment_answers_and_streams(version: str | None) -> None:
    ctx = LLMContext(timeout_seconds=60, budget_usd="0.01")
    async with create_azure_llm(MODEL, api_version=version) as llm:
        whole = await llm.get_answer("Answer with the one word: hello", ctx, max_tokens=20)
        streamed = await llm.stream_answer("Answer with the one word: hello", ctx, max_tokens=20).get_response()
    for response in (whole, streamed):
        assert "hello" in response.text.lower()
        assert response.cost is not None
        assert response.choices[0].content_filter is not None


@ROUTES
async def test_wrong_key_and_deployment_have_their_errors(version: str | None) -> None:
    async with create_azure_llm(MODEL, api_key="not-a-key", api_version=version) as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.get_answer("Hi", max_tokens=20)
    async with create_azure_llm(MODEL, deployment_name="no-such-deployment", api_version=version) as lost:
        with pytest.raises(NotFoundError):
            await lost.get_answer("Hi", max_tokens=20)
