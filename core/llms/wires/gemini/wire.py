"""The generateContent wire as one object. Each verb's work is done in the module named after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import APIError
from core.llms.types.events import StreamFinished
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.gemini.decoder import GeminiStreamDecoder
from core.llms.wires.gemini.dialect import ORIGIN, GeminiDialect
from core.llms.wires.gemini.embeddings import parse_gemini_embeddings, render_gemini_embeddings
from core.llms.wires.gemini.errors import parse_gemini_error
from core.llms.wires.gemini.listing import (
    parse_gemini_count,
    parse_gemini_models,
    parse_next_page,
    render_gemini_count,
    render_gemini_models,
)
from core.llms.wires.gemini.parse import parse_gemini_response
from core.llms.wires.gemini.render import render_gemini_request


class GeminiWire:
    """generateContent in one host's and model's dialect. Holds no state but the dialect: one wire serves every call."""

    name: str = ORIGIN

    def __init__(self, dialect: GeminiDialect = GeminiDialect()) -> None:  # noqa: B008 - a frozen value
        self.dialect: Final = dialect

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what the wire cannot express."""
        return render_gemini_request(request, self.dialect)

    def parse_response(self, body: Any) -> LLMResponse:
        """Read a whole answer, or the array of chunks that a stream without `alt=sse` is. Raises as the decoder."""
        if not isinstance(body, list):
            return parse_gemini_response(body, self.dialect)
        decoder = self.create_stream_decoder()
        decoder.take_payload(body)
        (finished,) = [event for event in decoder.close() if isinstance(event, StreamFinished)]
        return finished.response

    def create_stream_decoder(self) -> GeminiStreamDecoder:
        """Make the decoder of one streamed answer."""
        return GeminiStreamDecoder(self.dialect)

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form, an HTML page included, into the right class."""
        return parse_gemini_error(status, headers, body)

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request. Raises `InvalidRequestError` for more texts than the host takes at once."""
        return render_gemini_embeddings(request, self.dialect)

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        return parse_gemini_embeddings(body)

    def render_models(self, page_token: str | None = None) -> RenderedRequest:
        """Write the request for the vendor's model list, or for one of its further pages."""
        return render_gemini_models(self.dialect, page_token)

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read a page of the vendor's model list."""
        return parse_gemini_models(body)

    def parse_next_page(self, body: Mapping[str, Any]) -> str | None:
        """Return the token of the model list's next page, or None."""
        return parse_next_page(body)

    def render_token_count(self, request: LLMRequest) -> RenderedRequest:
        """Write the request that counts a prompt's tokens."""
        return render_gemini_count(request, self.dialect)

    def parse_token_count(self, body: Mapping[str, Any]) -> int:
        """Read the count."""
        return parse_gemini_count(body)
