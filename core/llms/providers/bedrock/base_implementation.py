"""What all of Bedrock's models share: Converse in the model's dialect, its count of tokens, and the control plane."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.providers.base.credential_forms import CredentialForm
from core.llms.providers.base.exchange import Exchange
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.bedrock.connector import BedrockConnector
from core.llms.providers.bedrock.dialects import dialect_for, embedding_dialect
from core.llms.providers.bedrock.exchange import BedrockExchange
from core.llms.providers.bedrock.metadata import BedrockMetadata
from core.llms.runtime.middleware import Middleware
from core.llms.types.request import LLMRequest
from core.llms.types.response import EmbeddingResponse, ModelInfo, TokenCount
from core.llms.types.usage import Usage
from core.llms.wires.bedrock_converse import BedrockConverseWire

_MOST_AT_ONCE: Final = 8


class BedrockBaseLLM(BaseLLM):
    """Works for every model of Bedrock, by its id, an inference profile (`us.`, `eu.`, `global.` …) or an ARN."""

    PROVIDER: ClassVar[str] = "bedrock"
    DISPLAY_NAME: ClassVar[str] = "Amazon Bedrock"
    TELEMETRY_NAME: ClassVar[str] = "aws.bedrock"
    WIRES: ClassVar[Mapping[str, str]] = {"converse": "bedrock_converse"}
    CREDENTIAL_FORMS: ClassVar[tuple[CredentialForm, ...]] = (
        CredentialForm(("api_key",)),
        CredentialForm(("access_key_id", "secret_access_key"), optional=("session_token",)),
    )
    COUNTS_TOKENS: ClassVar[bool] = True
    wire: BedrockConverseWire

    def _create_wire(self, name: str | None) -> BedrockConverseWire:
        if dialect := embedding_dialect(self.metadata.MODEL_ID):
            return BedrockConverseWire(dialect)
        facts = self.metadata
        return BedrockConverseWire(facts.dialect() if issubclass(facts, BedrockMetadata) else dialect_for(self.model))

    def _compose(self, middleware: Sequence[Middleware]) -> None:
        self._exchange = BedrockExchange(self.connector, self.wire, self.PROVIDER)
        super()._compose(middleware)

    async def embed(
        self,
        texts: str | Sequence[str],
        ctx: LLMContext | None = None,
        *,
        dimensions: int | None = None,
        input_type: str | None = None,
        provider_options: Mapping[str, Any] | None = None,
    ) -> EmbeddingResponse:
        """Turn texts into vectors, in their order; a model that takes one text a request is called for each.

        Such calls run at most 8 at once. The first failure ends the others. Raises as `get_answer`.
        """
        settings: dict[str, Any] = {
            "dimensions": dimensions,
            "input_type": input_type,
            "provider_options": provider_options,
        }
        if isinstance(texts, str) or len(texts) < 2 or not self.wire.embeds_one_text:
            return await super().embed(texts, ctx, **settings)
        call = self._begin(ctx)
        gate = asyncio.Semaphore(_MOST_AT_ONCE)

        async def embed_one(text: str) -> EmbeddingResponse:
            async with gate:
                return await super(BedrockBaseLLM, self).embed(text, call, **settings)

        tasks = [asyncio.ensure_future(embed_one(text)) for text in texts]
        try:
            return _join(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def list_models(self, ctx: LLMContext | None = None) -> list[ModelInfo]:
        """Return the models of the region, then the inference profiles by which many of them are called."""
        call = self._begin(ctx)
        connector = self.connector.control if isinstance(self.connector, BedrockConnector) else self.connector
        exchange = BedrockExchange(connector, self.wire, self.PROVIDER)
        rendered = self.wire.render_models()
        models = await self._attempts.repeat(lambda: exchange.fetch(rendered, call, self.wire.parse_models), call)
        token: str | None = None
        while True:
            page, token = await self._fetch_profiles(exchange, token, call)
            models.extend(page)
            if token is None:
                return models

    async def _fetch_profiles(
        self, exchange: Exchange, token: str | None, call: LLMContext
    ) -> tuple[list[ModelInfo], str | None]:
        rendered = self.wire.render_profiles(token)

        def read(body: Any) -> tuple[list[ModelInfo], str | None]:
            return self.wire.parse_models(body), self.wire.parse_next_page(body)

        return await self._attempts.repeat(lambda: exchange.fetch(rendered, call, read), call)

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        rendered = self.wire.render_token_count(request)
        count = self.wire.parse_token_count
        tokens = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, count), ctx)
        return TokenCount(tokens, exact=True)


def _join(responses: Sequence[EmbeddingResponse]) -> EmbeddingResponse:
    """Make one response of several; its cost is known where all of theirs are."""
    costs = [response.cost for response in responses if response.cost is not None]
    first = responses[0]
    usage: Usage = reduce(add, (response.usage for response in responses))
    known = len(costs) == len(responses)
    reasons = (response.cost_unknown_reason for response in responses if response.cost is None)
    return EmbeddingResponse(
        vectors=tuple(vector for response in responses for vector in response.vectors),
        usage=usage,
        model=first.model,
        provider=first.provider,
        request_id=first.request_id,
        cost=sum(costs, Decimal(0)) if known else None,
        cost_unknown_reason=None if known else next(reasons, None),
        warnings=first.warnings,
        attempts=tuple(attempt for response in responses for attempt in response.attempts),
    )
