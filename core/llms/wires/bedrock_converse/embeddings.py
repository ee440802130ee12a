"""Embeddings by InvokeModel, whose bodies are each model family's own: Titan's, Cohere's, Nova's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import InvalidRequestError, ProtocolError
from core.llms.types.request import EmbeddingRequest
from core.llms.types.response import EmbeddingResponse
from core.llms.types.usage import Usage
from core.llms.wires.base import RenderedRequest
from core.llms.wires.bedrock_converse.dialect import ConverseDialect
from core.llms.wires.bedrock_converse.failures import create_failure
from core.llms.wires.bedrock_converse.render import model_path
from core.llms.wires.merging import merge_options

# Cohere's and Nova's words for what a text is, under the words that other vendors have for them.
_COHERE_TYPES: Final = {"query": "search_query", "document": "search_document", "passage": "search_document"}
_NOVA_PURPOSES: Final = {
    "query": "TEXT_RETRIEVAL",
    "search_query": "TEXT_RETRIEVAL",
    "document": "GENERIC_INDEX",
    "search_document": "GENERIC_INDEX",
    "passage": "GENERIC_INDEX",
}


def embeds_one_text(dialect: ConverseDialect) -> bool:
    """Tell whether a request of the model takes a single text."""
    return dialect.embedding != "cohere"


def render_invoke_embeddings(request: EmbeddingRequest, dialect: ConverseDialect) -> RenderedRequest:
    """Write an embedding request. `input_type` is a word of the model's own, or `query` or `document`.

    Raises `InvalidRequestError` for several texts where the model takes one, and for a model that makes no vectors.
    """
    if dialect.embedding is None:
        raise InvalidRequestError(
            "the model makes no embeddings that are known here: choose one of Titan, Cohere or Nova",
            model=request.model,
        )
    if embeds_one_text(dialect) and len(request.texts) != 1:
        raise InvalidRequestError("this model embeds one text a request: call it once for each text")
    body = {"titan": _titan_body, "cohere": _cohere_body, "nova": _nova_body}[dialect.embedding](request)
    return RenderedRequest(model_path(request.model, "invoke"), merge_options(body, request.provider_options))


def _titan_body(request: EmbeddingRequest) -> dict[str, Any]:
    if request.input_type is not None:
        raise InvalidRequestError("this model has no `input_type`: leave it out")
    body: dict[str, Any] = {"inputText": request.texts[0]}
    return body if request.dimensions is None else {**body, "dimensions": request.dimensions}


def _cohere_body(request: EmbeddingRequest) -> dict[str, Any]:
    kind = request.input_type or "document"
    body: dict[str, Any] = {"texts": list(request.texts), "input_type": _COHERE_TYPES.get(kind, kind)}
    return body if request.dimensions is None else {**body, "output_dimension": request.dimensions}


def _nova_body(request: EmbeddingRequest) -> dict[str, Any]:
    kind = request.input_type or "document"
    settings: dict[str, Any] = {
        "embeddingPurpose": _NOVA_PURPOSES.get(kind, kind.upper()),
        "text": {"truncationMode": "NONE", "value": request.texts[0]},
    }
    if request.dimensions is not None:
        settings["embeddingDimension"] = request.dimensions
    return {
        "schemaVersion": "nova-multimodal-embed-v1",
        "taskType": "SINGLE_EMBEDDING",
        "singleEmbeddingParams": settings,
    }


def parse_invoke_embeddings(body: Any) -> EmbeddingResponse:
    """Read vectors in the order of the texts. Raises `ProtocolError`.

    Titan says its tokens; the others say them in a header alone: whoever reads it lays it into `inputTextTokenCount`.
    """
    if not isinstance(body, Mapping):
        raise ProtocolError(f"the answer is not a JSON object but {type(body).__name__}")
    if "__type" in body:
        raise create_failure(str(body["__type"]).rpartition("#")[2], body)
    found = [body["embedding"]] if "embedding" in body else body.get("embeddings")
    if isinstance(found, Mapping):
        found = found.get("float")
    if not isinstance(found, list) or not found:
        raise ProtocolError("the answer has no `embeddings`")
    vectors = tuple(_vector(item) for item in found)
    if len({len(vector) for vector in vectors}) > 1:
        raise ProtocolError("the embeddings are not all of one length")
    count = body.get("inputTextTokenCount")
    usage = (
        Usage(input_tokens=count, raw={"inputTextTokenCount": count}) if type(count) is int and count >= 0 else Usage()
    )
    return EmbeddingResponse(vectors, usage)


def _vector(item: Any) -> tuple[float, ...]:
    values = item.get("embedding") if isinstance(item, Mapping) else item
    if not isinstance(values, list) or not values:
        raise ProtocolError("an embedding has no numbers")
    try:
        return tuple(map(float, values))
    except (TypeError, ValueError, OverflowError) as error:
        raise ProtocolError("an embedding holds something other than numbers") from error
