"""Vectors (`/v2/embed`), the list of models (`/v1/models`), and the tokens of a text (`/v1/tokenize`)."""

from __future__ import annotations

from typing import Any, Final

from core.llms.errors import InvalidRequestError, ProtocolError
from core.llms.types.request import EmbeddingRequest
from core.llms.types.response import EmbeddingResponse, ModelInfo
from core.llms.wires.base import RenderedRequest
from core.llms.wires.cohere_v2.parse import parse_usage, require_object
from core.llms.wires.merging import merge_options

MOST_TEXTS: Final = 96
_INPUT_TYPES: Final = {"query": "search_query", "document": "search_document"}


def render_cohere_embeddings(request: EmbeddingRequest) -> RenderedRequest:
    """Write an embedding request.

    `input_type` is `query`, `document` or the vendor's own word. A text that is too long is refused by the vendor, not
    cut: `provider_options={"truncate": "END"}` has it cut. Raises `InvalidRequestError` without an `input_type`, and
    for more texts than the vendor takes at once.
    """
    if request.input_type is None:
        raise InvalidRequestError(
            "Cohere must be told what the texts are for: pass `input_type='document'` for what is searched, 'query' "
            "for what is asked, or 'classification' or 'clustering'",
            model=request.model,
        )
    if len(request.texts) > MOST_TEXTS:
        raise InvalidRequestError(f"Cohere embeds {MOST_TEXTS} texts at once; give fewer a call", model=request.model)
    body: dict[str, Any] = {
        "model": request.model,
        "texts": list(request.texts),
        "input_type": _INPUT_TYPES.get(request.input_type, request.input_type),
        "embedding_types": ["float"],
        "truncate": "NONE",
    }
    if request.dimensions is not None:
        body["output_dimension"] = request.dimensions
    return RenderedRequest("/v2/embed", merge_options(body, request.provider_options))


def parse_cohere_embeddings(body: Any) -> EmbeddingResponse:
    """Read vectors, in the order of the texts; the first kind there is, where another than `float` was asked for."""
    body = require_object(body, "the answer")
    kinds = require_object(body.get("embeddings"), "the answer's `embeddings`")
    rows = next((rows for rows in kinds.values() if rows), None)
    if not isinstance(rows, list):
        raise ProtocolError("the answer has no vectors")
    return EmbeddingResponse(tuple(_read_vector(row) for row in rows), parse_usage(body.get("meta")))


def render_cohere_models() -> RenderedRequest:
    """Write the request for the vendor's model list, of which a page holds 1,000."""
    return RenderedRequest("/v1/models?page_size=1000", {}, method="GET")


def parse_cohere_models(body: Any) -> list[ModelInfo]:
    """Read the model list."""
    items = require_object(body, "the model list").get("models") or []
    if not isinstance(items, list):
        raise ProtocolError("the model list is not a list")
    return [_read_model(item) for item in items]


def render_tokenize(model: str, text: str) -> RenderedRequest:
    """Write the request that splits a text into tokens."""
    return RenderedRequest("/v1/tokenize", {"text": text, "model": model})


def parse_token_count(body: Any) -> int:
    """Read how many tokens a text has."""
    tokens = require_object(body, "the answer").get("tokens")
    if not isinstance(tokens, list):
        raise ProtocolError("the answer has no `tokens`")
    return len(tokens)


def _read_model(item: Any) -> ModelInfo:
    id = require_object(item, "an entry of the model list").get("name")
    if not isinstance(id, str):
        raise ProtocolError("an entry of the model list has no `name`")
    return ModelInfo(id, raw=item)


def _read_vector(row: Any) -> tuple[float, ...]:
    if not isinstance(row, list) or not all(type(value) in (int, float) for value in row):
        raise ProtocolError("a vector is not a list of numbers")
    return tuple(map(float, row))
