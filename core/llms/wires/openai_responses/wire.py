"""The Responses wire as the pipeline sees it: each method leads to the module that does the work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.llms.errors import APIError
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.openai_common import (
    parse_openai_embeddings,
    parse_openai_error,
    parse_openai_models,
    render_openai_embeddings,
    render_openai_models,
)
from core.llms.wires.openai_responses import parsing, rendering
from core.llms.wires.openai_responses.decoder import ResponsesStreamDecoder
from core.llms.wires.openai_responses.dialect import WIRE_NAME, ResponsesDialect
from core.llms.wires.openai_responses.failures import with_response_codes


@dataclass(frozen=True, slots=True)
class OpenAIResponsesWire:
    """OpenAI's Responses API (openai 3.52, read 2026-11-21), and whoever else speaks it by way of a dialect."""

    dialect: ResponsesDialect = field(default_factory=ResponsesDialect)
    name: str = field(default=WIRE_NAME, init=False)

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request for `POST /responses`. Raises `InvalidRequestError` for what this wire cannot express."""
        return rendering.render_request(request, self.dialect)

    def render_token_count(self, request: LLMRequest) -> RenderedRequest:
        """Write a request for `POST /responses/input_tokens`, also for models that are asked over the chat wire."""
        return rendering.render_token_count(request, self.dialect)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (a response that failed)."""
        return parsing.parse_response(body, self.dialect)

    def parse_token_count(self, body: Mapping[str, Any]) -> int:
        """Read how many tokens a prompt takes."""
        return parsing.parse_token_count(body)

    def create_stream_decoder(self) -> ResponsesStreamDecoder:
        """Make the decoder of one streamed answer."""
        return ResponsesStreamDecoder(self.dialect)

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form into the right class."""
        return parse_openai_error(status, headers, body, with_response_codes(self.dialect.errors))

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request: `/embeddings` is the same beside both OpenAI wires."""
        return render_openai_embeddings(request)

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        return parse_openai_embeddings(body, self.dialect.errors)

    def render_models(self) -> RenderedRequest:
        """Write the request for the vendor's model list."""
        return render_openai_models()

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read the vendor's model list."""
        return parse_openai_models(body, self.dialect.errors)
