"""The Messages wire as one object. Each verb's work is done in the module named after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.llms.errors import APIError, InvalidRequestError, ProtocolError
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.anthropic_messages import models, render
from core.llms.wires.anthropic_messages.decoder import MessagesStreamDecoder
from core.llms.wires.anthropic_messages.dialect import ORIGIN, MessagesDialect
from core.llms.wires.anthropic_messages.failures import parse_failure
from core.llms.wires.anthropic_messages.parse import parse_message
from core.llms.wires.base import RenderedRequest


@dataclass(frozen=True, slots=True)
class AnthropicMessagesWire:
    """The Messages API (anthropic 2.11, read 2026-11-21), on the host and for the model that the dialect describes."""

    dialect: MessagesDialect = field(default_factory=MessagesDialect)
    name: str = field(default=ORIGIN, init=False)

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what this wire cannot express."""
        return render.render_message_request(request, self.dialect)

    def render_token_count(self, request: LLMRequest) -> RenderedRequest:
        """Write a request that counts the prompt's tokens. Raises as `render_request`."""
        return render.render_token_count(request, self.dialect)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        return parse_message(body)

    def parse_token_count(self, body: Mapping[str, Any]) -> int:
        """Read how many tokens a prompt takes. Raises `ProtocolError` where it is not said."""
        tokens = body.get("input_tokens") if isinstance(body, Mapping) else None
        if type(tokens) is not int or tokens < 0:
            raise ProtocolError("the token count has no `input_tokens`")
        return tokens

    def create_stream_decoder(self) -> MessagesStreamDecoder:
        """Make the decoder of one streamed answer."""
        return MessagesStreamDecoder()

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form into the right class."""
        return parse_failure(status, headers, body)

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Refuse: the Messages API has no embeddings."""
        raise InvalidRequestError(
            "the Messages API makes no embeddings: use a provider that does, such as openai, azure, cohere or google",
            model=request.model,
        )

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Refuse: nothing that this wire asks for is answered with vectors."""
        raise ProtocolError("the Messages API makes no embeddings")

    def render_models(self) -> RenderedRequest:
        """Write the request for the vendor's model list."""
        return RenderedRequest(models.MODELS_PATH, {}, headers=render.version_headers(self.dialect), method="GET")

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read the vendor's model list, in its order."""
        return models.parse_models(body)
