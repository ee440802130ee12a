"""Embeddings on the three methods that hosts have for them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import InvalidRequestError, ProtocolError
from core.llms.types.request import EmbeddingRequest
from core.llms.types.response import EmbeddingResponse
from core.llms.types.usage import Usage
from core.llms.wires.base import RenderedRequest
from core.llms.wires.gemini.dialect import GeminiDialect
from core.llms.wires.gemini.parse import require_payload
from core.llms.wires.gemini.usage import count_media

# The vendor's task types under the words that other vendors have for them; any other word goes out in capitals.
_TASKS: Final = {
    "query": "RETRIEVAL_QUERY",
    "search_query": "RETRIEVAL_QUERY",
    "document": "RETRIEVAL_DOCUMENT",
    "search_document": "RETRIEVAL_DOCUMENT",
    "passage": "RETRIEVAL_DOCUMENT",
}


def render_gemini_embeddings(request: EmbeddingRequest, dialect: GeminiDialect) -> RenderedRequest:
    """Write an embedding request. `input_type` is a task type of the vendor, or `query` or `document`.

    `provider_options` go into each text's request (into the body of `predict`). Raises `InvalidRequestError` for
    several texts where the host takes one at a time.
    """
    method = dialect.embedding_method
    options = copy.deepcopy(dict(request.provider_options))
    if method == "predict":
        body = {**_predict_body(request), **options}
    elif method == "embedContent":
        if len(request.texts) != 1:
            raise InvalidRequestError("this model embeds one text a request here: call it once for each text")
        body = _content_request(request, request.texts[0], dialect, options)
    else:
        body = {"requests": [_content_request(request, text, dialect, options) for text in request.texts]}
    return RenderedRequest(dialect.path(request.model, method), body)


def _content_request(
    request: EmbeddingRequest, text: str, dialect: GeminiDialect, options: Mapping[str, Any]
) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if request.input_type is not None:
        settings["taskType"] = _task(request.input_type)
    if request.dimensions is not None:
        settings["outputDimensionality"] = request.dimensions
    content = {"content": {"role": "user", "parts": [{"text": text}]}}
    if dialect.embeds_with_config:
        return {**content, **({"embedContentConfig": settings} if settings else {}), **options}
    return {"model": dialect.resource(request.model), **content, **settings, **options}


def _predict_body(request: EmbeddingRequest) -> dict[str, Any]:
    task = {} if request.input_type is None else {"task_type": _task(request.input_type)}
    body: dict[str, Any] = {"instances": [{"content": text, **task} for text in request.texts]}
    if request.dimensions is not None:
        body["parameters"] = {"outputDimensionality": request.dimensions}
    return body


def _task(input_type: str) -> str:
    return _TASKS.get(input_type.lower(), input_type.upper())


def parse_gemini_embeddings(body: Any) -> EmbeddingResponse:
    """Read vectors in the order of the texts. Raises `ProtocolError`, or `APIError` for an error under status 200."""
    body = require_payload(body)
    if "predictions" in body:
        items = [_embeddings_of(prediction) for prediction in _list_of(body, "predictions")]
    elif "embedding" in body:
        items = [body["embedding"]]
    else:
        items = _list_of(body, "embeddings")
    vectors = tuple(_vector(item) for item in items)
    if len({len(vector) for vector in vectors}) > 1:
        raise ProtocolError("the embeddings are not all of one length")
    return EmbeddingResponse(vectors, _parse_usage(body, items))


def _list_of(body: Mapping[str, Any], name: str) -> list[Any]:
    items = body.get(name)
    if not isinstance(items, list) or not items:
        raise ProtocolError(f"the answer has no `{name}`")
    return items


def _embeddings_of(prediction: Any) -> Any:
    if not isinstance(prediction, Mapping):
        raise ProtocolError("a prediction is not an object")
    return prediction.get("embeddings")


def _vector(item: Any) -> tuple[float, ...]:
    values = item.get("values") if isinstance(item, Mapping) else None
    if not isinstance(values, list) or not values:
        raise ProtocolError("an embedding has no `values`")
    try:
        return tuple(map(float, values))
    except (TypeError, ValueError, OverflowError) as error:
        raise ProtocolError("an embedding holds something other than numbers") from error


def _parse_usage(body: Mapping[str, Any], items: list[Any]) -> Usage:
    raw = body.get("usageMetadata")
    if isinstance(raw, Mapping):
        count = raw.get("promptTokenCount")
        heard, seen = count_media(raw.get("promptTokenDetails"))
        return Usage(
            input_tokens=count if isinstance(count, int) and count > 0 else 0,
            audio_input_tokens=heard,
            image_input_tokens=seen,
            raw=raw,
        )
    statistics = [item.get("statistics") for item in items]
    if not all(isinstance(entry, Mapping) for entry in statistics):
        return Usage()
    counts = [entry.get("token_count", entry.get("tokenCount")) for entry in statistics]
    total = sum(int(count) for count in counts if isinstance(count, int | float) and 0 < count < 1e15)
    return Usage(input_tokens=total, raw={"statistics": statistics})
