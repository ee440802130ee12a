"""The chat-completions wire as one object. Each verb's work is done in the module named after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from core.llms.errors import APIError
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.openai_chat.decoder import ChatStreamDecoder
from core.llms.wires.openai_chat.dialect import ORIGIN, ChatDialect
from core.llms.wires.openai_chat.parse import add_reported_cost, parse_chat_response
from core.llms.wires.openai_chat.render import render_chat_request
from core.llms.wires.openai_common import (
    parse_openai_embeddings,
    parse_openai_error,
    parse_openai_models,
    render_openai_embeddings,
    render_openai_models,
)


class OpenAIChatWire:
    """Chat completions in one vendor's dialect. Holds no state but the dialect: one wire serves every call."""

    name: str = ORIGIN

    def __init__(self, dialect: ChatDialect = ChatDialect()) -> None:  # noqa: B008 - a frozen value
        self.dialect: Final = dialect

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what chat completions cannot express."""
        return render_chat_request(request, self.dialect)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        return parse_chat_response(body, self.dialect)

    def create_stream_decoder(self) -> ChatStreamDecoder:
        """Make the decoder of one streamed answer."""
        return ChatStreamDecoder(self.dialect)

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form, an HTML page included, into the right class."""
        return parse_openai_error(status, headers, body, self.dialect.errors)

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request. Raises `InvalidRequestError` for `input_type` where there is no field for it."""
        dialect = self.dialect
        return render_openai_embeddings(
            request,
            encoding_format=dialect.encoding_format,
            input_type_field=dialect.input_type_field,
            dimensions_field=dialect.dimensions_field,
        )

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        response = parse_openai_embeddings(body, self.dialect.errors, self.dialect.vector_type)
        return replace(response, usage=add_reported_cost(response.usage, self.dialect))

    def render_models(self) -> RenderedRequest:
        """Write the request for the vendor's model list."""
        return render_openai_models()

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read the vendor's model list."""
        return parse_openai_models(body, self.dialect.errors)
