"""Ollama's wire as one object. Each verb's work is done in the module named after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import APIError
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.ollama.decoder import OllamaStreamDecoder
from core.llms.wires.ollama.dialect import ORIGIN, OllamaDialect
from core.llms.wires.ollama.errors import parse_ollama_error
from core.llms.wires.ollama.other_calls import (
    parse_ollama_embeddings,
    parse_ollama_models,
    render_ollama_details,
    render_ollama_embeddings,
    render_ollama_models,
)
from core.llms.wires.ollama.parse import parse_ollama_response, require_body
from core.llms.wires.ollama.render import render_ollama_request


class OllamaWire:
    """`/api/chat` for one model. Holds no state but the dialect: one wire serves every call."""

    name: str = ORIGIN

    def __init__(self, dialect: OllamaDialect = OllamaDialect()) -> None:  # noqa: B008 - a frozen value
        self.dialect: Final = dialect

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what the wire cannot express."""
        return render_ollama_request(request, self.dialect)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        return parse_ollama_response(body)

    def create_stream_decoder(self) -> OllamaStreamDecoder:
        """Make the decoder of one streamed answer."""
        return OllamaStreamDecoder()

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form, an HTML page included, into the right class."""
        return parse_ollama_error(status, headers, body)

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request. Raises `InvalidRequestError` for `input_type`."""
        return render_ollama_embeddings(request, self.dialect)

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        return parse_ollama_embeddings(body)

    def render_models(self) -> RenderedRequest:
        """Write the request for the list of models that were pulled."""
        return render_ollama_models()

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read the list of models."""
        return parse_ollama_models(body)

    def render_details(self, model: str) -> RenderedRequest:
        """Write the request for what the server knows of a model."""
        return render_ollama_details(model)

    def parse_details(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read what the server knows of a model, as received."""
        return require_body(body)
