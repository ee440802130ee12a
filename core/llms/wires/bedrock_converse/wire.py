"""Converse as one object. Each verb's work is done in the module named after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.llms.errors import APIError, ProtocolError
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.bedrock_converse import embeddings, listing, render
from core.llms.wires.bedrock_converse.decoder import ConverseStreamDecoder
from core.llms.wires.bedrock_converse.dialect import ORIGIN, ConverseDialect
from core.llms.wires.bedrock_converse.failures import parse_failure
from core.llms.wires.bedrock_converse.parse import parse_converse


@dataclass(frozen=True, slots=True)
class BedrockConverseWire:
    """Amazon Bedrock's Converse (botocore 1.44, bedrock-runtime 2023-09-30), for the model of the dialect."""

    dialect: ConverseDialect = field(default_factory=ConverseDialect)
    name: str = field(default=ORIGIN, init=False)

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what this wire cannot express."""
        return render.render_converse_request(request, self.dialect)

    def render_token_count(self, request: LLMRequest) -> RenderedRequest:
        """Write a request that counts the prompt's tokens. Raises as `render_request`."""
        return render.render_token_count(request, self.dialect)

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        return parse_converse(body)

    def parse_token_count(self, body: Mapping[str, Any]) -> int:
        """Read how many tokens a prompt takes. Raises `ProtocolError` where it is not said."""
        tokens = body.get("inputTokens") if isinstance(body, Mapping) else None
        if type(tokens) is not int or tokens < 0:
            raise ProtocolError("the token count has no `inputTokens`")
        return tokens

    def create_stream_decoder(self) -> ConverseStreamDecoder:
        """Make the decoder of one streamed answer."""
        return ConverseStreamDecoder()

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form into the right class."""
        return parse_failure(status, headers, body)

    @property
    def embeds_one_text(self) -> bool:
        """Whether an embedding request takes a single text."""
        return embeddings.embeds_one_text(self.dialect)

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request, in the form of the model's family."""
        return embeddings.render_invoke_embeddings(request, self.dialect)

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        return embeddings.parse_invoke_embeddings(body)

    def render_models(self) -> RenderedRequest:
        """Write the request for the vendor's model list, which its control plane answers."""
        return RenderedRequest(listing.MODELS_PATH, {}, method="GET")

    def render_profiles(self, token: str | None = None) -> RenderedRequest:
        """Write the request for a page of inference profiles, which the control plane answers too."""
        return RenderedRequest(listing.profiles_path(token), {}, method="GET")

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read a list of models or of profiles, in its order."""
        return listing.parse_models(body)

    def parse_next_page(self, body: Mapping[str, Any]) -> str | None:
        """Return the token of the next page, None on the last."""
        return listing.parse_next_page(body)
