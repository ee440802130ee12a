"""Cohere's wire as one object. Each verb's work is done in the module named after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.errors import APIError
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.cohere_v2.decoder import CohereStreamDecoder
from core.llms.wires.cohere_v2.errors import parse_cohere_error
from core.llms.wires.cohere_v2.other_calls import (
    parse_cohere_embeddings,
    parse_cohere_models,
    parse_token_count,
    render_cohere_embeddings,
    render_cohere_models,
    render_tokenize,
)
from core.llms.wires.cohere_v2.parse import parse_cohere_response
from core.llms.wires.cohere_v2.render import render_cohere_request
from core.llms.wires.cohere_v2.render_messages import ORIGIN


class CohereV2Wire:
    """`/v2/chat`. Holds no state: one wire serves every call."""

    name: str = ORIGIN

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what the wire cannot express."""
        return render_cohere_request(request)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        return parse_cohere_response(body)

    def create_stream_decoder(self) -> CohereStreamDecoder:
        """Make the decoder of one streamed answer."""
        return CohereStreamDecoder()

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form, an HTML page included, into the right class."""
        return parse_cohere_error(status, headers, body)

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request. Raises `InvalidRequestError` without `input_type`."""
        return render_cohere_embeddings(request)

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        return parse_cohere_embeddings(body)

    def render_models(self) -> RenderedRequest:
        """Write the request for the vendor's model list."""
        return render_cohere_models()

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read the vendor's model list."""
        return parse_cohere_models(body)

    def render_tokenize(self, model: str, text: str) -> RenderedRequest:
        """Write the request that splits a text into tokens."""
        return render_tokenize(model, text)

    def parse_token_count(self, body: Mapping[str, Any]) -> int:
        """Read how many tokens a text has."""
        return parse_token_count(body)
