"""Google's own SDK, asynchronous, over the HTTP library that it chooses itself; it does not retry unless asked to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from google.genai import Client
from google.genai.client import AsyncClient
from google.genai.types import GenerateContentConfig, GenerateContentResponse, HttpOptions

from tests.benchmarks.payloads import MAX_TOKENS, SYSTEM, Answer, make_question
from tests.benchmarks.vendors.google import GOOGLE


class GoogleSDK:
    """Calls of one client."""

    def __init__(self, client: AsyncClient) -> None:
        self._models = client.models
        self._config = GenerateContentConfig(system_instruction=SYSTEM, max_output_tokens=MAX_TOKENS)

    async def call(self, kind: str) -> Answer:
        response = await self._models.generate_content(
            model=GOOGLE.model, contents=make_question(kind), config=self._config
        )
        return _answer(response.text or "", response)

    async def stream(self, kind: str) -> Answer:
        chunks = await self._models.generate_content_stream(
            model=GOOGLE.model, contents=make_question(kind), config=self._config
        )
        pieces: list[str] = []
        last: GenerateContentResponse | None = None
        async for chunk in chunks:
            if chunk.text:
                pieces.append(chunk.text)
            last = chunk
        assert last is not None
        return _answer("".join(pieces), last)


def _answer(text: str, response: GenerateContentResponse) -> Answer:
    usage = response.usage_metadata
    assert usage is not None
    return Answer(text, usage.prompt_token_count or 0, usage.candidates_token_count or 0)


@asynccontextmanager
async def open_client(address: str) -> AsyncIterator[GoogleSDK]:
    """Open a client."""
    client = Client(api_key="sk-benchmark", http_options=HttpOptions(base_url=address))
    try:
        yield GoogleSDK(client.aio)
    finally:
        await client.aio.aclose()
