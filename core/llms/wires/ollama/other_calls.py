"""Vectors (`/api/embed`), the list of models (`/api/tags`) and what is known of one (`/api/show`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.errors import InvalidRequestError, ProtocolError
from core.llms.types.request import EmbeddingRequest
from core.llms.types.response import EmbeddingResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.merging import merge_options
from core.llms.wires.ollama.dialect import OllamaDialect
from core.llms.wires.ollama.parse import parse_usage, require_body


def render_ollama_embeddings(request: EmbeddingRequest, dialect: OllamaDialect) -> RenderedRequest:
    """Write an embedding request.

    A text that is too long is refused by the server, not cut: `provider_options={"truncate": True}` has it cut. Raises
    `InvalidRequestError` for `input_type`, which some models want as words in front of the text itself.
    """
    if request.input_type is not None:
        raise InvalidRequestError(
            "Ollama has no field for `input_type`: leave it out, and put the model's own prefix before each text",
            model=request.model,
        )
    body: dict[str, Any] = {"model": request.model, "input": list(request.texts), "truncate": False}
    if request.dimensions is not None:
        body["dimensions"] = request.dimensions
    if dialect.context_tokens is not None:
        body["options"] = {"num_ctx": dialect.context_tokens}
    if dialect.keep_alive is not None:
        body["keep_alive"] = dialect.keep_alive
    return RenderedRequest("/api/embed", merge_options(body, request.provider_options))


def parse_ollama_embeddings(body: Any) -> EmbeddingResponse:
    """Read vectors, in the order of the texts."""
    body = require_body(body)
    rows = body.get("embeddings")
    if not isinstance(rows, list) or not rows:
        raise ProtocolError("the answer has no `embeddings`")
    vectors = tuple(_read_vector(row) for row in rows)
    model = body.get("model")
    return EmbeddingResponse(vectors, parse_usage(body), model=model if isinstance(model, str) else "")


def render_ollama_models() -> RenderedRequest:
    """Write the request for the list of models that were pulled."""
    return RenderedRequest("/api/tags", {}, method="GET")


def parse_ollama_models(body: Any) -> list[ModelInfo]:
    """Read the list of models."""
    items = require_body(body).get("models") or []
    if not isinstance(items, list):
        raise ProtocolError("the model list is not a list")
    return [_read_model(item) for item in items]


def render_ollama_details(model: str) -> RenderedRequest:
    """Write the request for what the server knows of a model."""
    return RenderedRequest("/api/show", {"model": model})


def _read_model(item: Any) -> ModelInfo:
    id = (item.get("model") or item.get("name")) if isinstance(item, Mapping) else None
    if not isinstance(id, str):
        raise ProtocolError("an entry of the model list has no `model`")
    return ModelInfo(id, raw=item)


def _read_vector(row: Any) -> tuple[float, ...]:
    if not isinstance(row, list) or not all(type(value) in (int, float) for value in row):
        raise ProtocolError("a vector is not a list of numbers")
    return tuple(map(float, row))
