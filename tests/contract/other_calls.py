"""Calls that are no conversation: embeddings, the list of models, the vendor's count of tokens."""

from __future__ import annotations

from typing import Any

from core.llms import Capability
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from tests.contract.calls import HELLO, MODEL, Call, Place
from tests.contract.chat_calls import WEATHER_FUNCTION, get_weather

EMBEDDER = "text-embedding-3-small"


class AzureEmbeddingMetadata(BaseMetadata):
    """A model on Azure that embeds."""

    NAME = "azure-embeds"
    MODEL_ID = EMBEDDER
    PROVIDER = "azure"
    CAPABILITIES = {Capability.EMBEDDINGS: True}


def _embed(name: str, texts: str | list[str], **facts: Any) -> Call:
    options = facts.pop("options", {})
    model = facts.get("model", EMBEDDER)

    async def theirs(client: Any) -> None:
        await client.embeddings.create(model=model, input=texts, **options)

    async def ours(llm: BaseLLM) -> None:
        await llm.embed(texts, **options)

    return Call(name, theirs, ours, **{"model": model, **facts})


def _models(name: str, **facts: Any) -> Call:
    async def theirs(client: Any) -> None:
        await client.models.list()

    return Call(name, theirs, lambda llm: llm.list_models(), **facts)


def _count(name: str, tools: bool = False, **facts: Any) -> Call:
    tool = {"type": "function", **WEATHER_FUNCTION, "strict": False}

    async def theirs(client: Any) -> None:
        await client.responses.input_tokens.count(model=MODEL, input=HELLO, **({"tools": [tool]} if tools else {}))

    async def ours(llm: BaseLLM) -> None:
        await llm.count_tokens(HELLO, tools=[get_weather] if tools else None, exact=True)

    return Call(name, theirs, ours, **facts)


OTHER_CALLS = (
    _embed("embeddings: several texts", ["Hello", "world"]),
    _embed("embeddings: one text", "Hello"),
    _embed("embeddings: shortened", ["Hello"], options={"dimensions": 64}),
    _embed("embeddings on azure v1", ["Hello"], place=Place.AZURE_V1_TOKEN, metadata=AzureEmbeddingMetadata),
    _embed("embeddings on azure dated", ["Hello"], place=Place.AZURE_DATED, metadata=AzureEmbeddingMetadata),
    _models("models"),
    _models("models on azure v1", place=Place.AZURE_V1_TOKEN),
    _models("models on azure dated", place=Place.AZURE_DATED),
    _count("count of tokens"),
    _count("count of tokens with a tool", tools=True),
)
