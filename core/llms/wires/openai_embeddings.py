"""OpenAI's embeddings and model list, which its imitators share. No chat here, and no vendor's name."""

from __future__ import annotations

import base64
import binascii
import copy
import sys
from array import array
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from core.llms.errors import InvalidRequestError, ProtocolError
from core.llms.types.request import EmbeddingRequest
from core.llms.types.response import EmbeddingResponse, ModelInfo
from core.llms.types.usage import Usage
from core.llms.wires.base import RenderedRequest
from core.llms.wires.openai_errors import DEFAULT_RULES, ErrorRules, create_payload_error

# How base64 vectors are packed, as `array` calls it: 32-bit floats, or signed bytes.
VectorType: TypeAlias = Literal["f", "b"]


def render_openai_embeddings(
    request: EmbeddingRequest,
    *,
    encoding_format: str | None = "base64",
    input_type_field: str | None = None,
    dimensions_field: str = "dimensions",
) -> RenderedRequest:
    """Write an embedding request; base64 halves the answer and is decoded at once.

    Raises `InvalidRequestError` for `input_type` where the wire has no field for it.
    """
    body: dict[str, Any] = {"model": request.model, "input": list(request.texts)}
    if request.dimensions is not None:
        body[dimensions_field] = request.dimensions
    if request.input_type is not None:
        if input_type_field is None:
            raise InvalidRequestError(
                "`input_type` cannot be expressed on this wire: leave it out, or pass the vendor's own field "
                "in `provider_options`",
                model=request.model,
            )
        body[input_type_field] = request.input_type
    if encoding_format is not None:
        body["encoding_format"] = encoding_format
    body.update(copy.deepcopy(dict(request.provider_options)))
    return RenderedRequest("/embeddings", body)


def parse_openai_embeddings(
    body: Mapping[str, Any], rules: ErrorRules = DEFAULT_RULES, vector_type: VectorType = "f"
) -> EmbeddingResponse:
    """Read vectors in the order of the texts. Raises `ProtocolError`, or `APIError` for an error under status 200."""
    data = read_data(body, rules)
    vectors: dict[int, tuple[float, ...]] = {}
    for position, item in enumerate(data):
        index = position if item.get("index") is None else item["index"]
        if not isinstance(index, int):
            raise ProtocolError("an embedding's `index` is not a number")
        vectors[index] = _parse_vector(item.get("embedding"), vector_type)
    if sorted(vectors) != list(range(len(data))):
        raise ProtocolError("the embeddings' indexes are not 0 to the number of texts")
    if len({len(vector) for vector in vectors.values()}) > 1:
        raise ProtocolError("the embeddings are not all of one length")
    raw_usage = body.get("usage")
    return EmbeddingResponse(
        tuple(vectors[index] for index in range(len(data))),
        parse_embedding_usage(raw_usage if isinstance(raw_usage, Mapping) else None),
        model=str(body.get("model") or ""),
    )


def parse_embedding_usage(raw: Mapping[str, Any] | None) -> Usage:
    """Read what an embedding call consumed; some vendors say only the total."""
    if raw is None:
        return Usage()
    counts = (raw.get("prompt_tokens"), raw.get("total_tokens"))
    return Usage(input_tokens=next((count for count in counts if isinstance(count, int) and count > 0), 0), raw=raw)


def render_openai_models() -> RenderedRequest:
    """Write the request for the model list."""
    return RenderedRequest("/models", {}, method="GET")


def parse_openai_models(body: Any, rules: ErrorRules = DEFAULT_RULES) -> list[ModelInfo]:
    """Read a model list, in the vendor's order; some servers send it bare, without `data` around it.

    Raises `ProtocolError`, or `APIError` for an error under status 200.
    """
    models = []
    for item in read_data({"data": body} if isinstance(body, list) else body, rules):
        if not isinstance(item.get("id"), str):
            raise ProtocolError("an entry of the model list has no `id`")
        models.append(ModelInfo(item["id"], item.get("created"), item.get("owned_by"), item))
    return models


def read_data(body: Any, rules: ErrorRules) -> list[Mapping[str, Any]]:
    """Return the `data` list of an answer, each entry an object."""
    if isinstance(body, Mapping) and body.get("error"):
        raise create_payload_error(body, rules)
    data = body.get("data") if isinstance(body, Mapping) else None
    if not isinstance(data, list) or not all(isinstance(item, Mapping) for item in data):
        raise ProtocolError("the answer has no `data` list of objects")
    return data


def _parse_vector(embedding: Any, vector_type: VectorType) -> tuple[float, ...]:
    if isinstance(embedding, str):
        return _decode_base64_vector(embedding, vector_type)
    if not isinstance(embedding, list) or not embedding:
        raise ProtocolError("an embedding is neither a list of numbers nor base64")
    try:
        return tuple(map(float, embedding))
    except (TypeError, ValueError, OverflowError) as error:
        raise ProtocolError("an embedding holds something other than numbers") from error


def _decode_base64_vector(text: str, vector_type: VectorType) -> tuple[float, ...]:
    values: array[float] = array(vector_type)
    try:
        values.frombytes(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        packed = "32-bit floats" if vector_type == "f" else "signed bytes"
        raise ProtocolError(f"an embedding is not the base64 of {packed}") from error
    if not values:
        raise ProtocolError("an embedding is empty")
    if sys.byteorder == "big":
        values.byteswap()
    return tuple(values) if vector_type == "f" else tuple(map(float, values))
