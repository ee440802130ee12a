"""watsonx.ai's wire as one object. Each verb's work is done in the module named after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import APIError
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.base import RenderedRequest, StreamDecoder, Wire
from core.llms.wires.watsonx.completing import complete_response
from core.llms.wires.watsonx.decoder import WatsonxStreamDecoder
from core.llms.wires.watsonx.errors import parse_watsonx_error
from core.llms.wires.watsonx.generation import parse_generation, render_generation
from core.llms.wires.watsonx.generation_decoder import GenerationStreamDecoder
from core.llms.wires.watsonx.other_calls import (
    parse_next_page,
    parse_token_count,
    parse_watsonx_embeddings,
    parse_watsonx_models,
    render_tokenization,
    render_watsonx_embeddings,
    render_watsonx_models,
    require_body,
)
from core.llms.wires.watsonx.render import render_watsonx_chat
from core.llms.wires.watsonx.scope import WatsonxScope


class WatsonxWire:
    """`/ml/v1/text/chat` for one place. Holds no state: one wire serves every call.

    `chat` is a wire of chat completions, which writes and reads what is the same here: messages, tools, choices. Its
    error rules must be `ERRORS`, and its streams must end without `[DONE]`.
    """

    def __init__(self, chat: Wire, scope: WatsonxScope) -> None:
        self.chat: Final = chat
        self.scope: Final = scope

    @property
    def name(self) -> str:
        """The name that marks the opaque parts, which are chat completions' own."""
        return self.chat.name

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what the wire cannot express."""
        return render_watsonx_chat(request, self.chat, self.scope)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        return complete_response(self.chat.parse_response(require_body(body)))

    def create_stream_decoder(self) -> StreamDecoder:
        """Make the decoder of one streamed answer."""
        return WatsonxStreamDecoder(self.chat.create_stream_decoder())

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form, an HTML page included, into the right class."""
        return parse_watsonx_error(status, headers, body)

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request. Raises `InvalidRequestError` for `dimensions` and `input_type`."""
        return render_watsonx_embeddings(request, self.scope)

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        return parse_watsonx_embeddings(body)

    def render_models(self, start: str | None = None) -> RenderedRequest:
        """Write the request for a page of the vendor's model list."""
        return render_watsonx_models(start)

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read a page of the vendor's model list."""
        return parse_watsonx_models(body)

    def parse_next_page(self, body: Mapping[str, Any]) -> str | None:
        """Read where the next page of the model list begins; None after the last."""
        return parse_next_page(body)

    def render_tokenization(self, model: str, text: str) -> RenderedRequest:
        """Write the request that counts a text's tokens."""
        return render_tokenization(model, text, self.scope)

    def parse_token_count(self, body: Mapping[str, Any]) -> int:
        """Read how many tokens a text has."""
        return parse_token_count(body)


class WatsonxGenerationWire(WatsonxWire):
    """`/ml/v1/text/generation`, for a model that only goes on with a prompt. All else is as for one that chats."""

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what is no single prompt of text."""
        return render_generation(request, self.scope)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        return parse_generation(body)

    def create_stream_decoder(self) -> StreamDecoder:
        """Make the decoder of one streamed answer."""
        return GenerationStreamDecoder()
