"""Google's embeddings: in batches for the Gemini API, by `:predict` and `:embedContent` for Vertex AI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.google.contents import check_parts
from core.llms.simulator.google.counting import load
from core.llms.simulator.google.errors import ApiError
from core.llms.simulator.vectors import embed

if TYPE_CHECKING:
    from core.llms.simulator.google.models import Model

_MOST_REQUESTS = 100
_MOST_INSTANCES = 250


def batch_embed(request: dict[str, Any], model: Model, *, vertex: bool) -> dict[str, Any]:
    """Answer `:batchEmbedContents`. Raises: ApiError."""
    requests = request.get("requests") or []
    if not requests:
        raise ApiError("* BatchEmbedContentsRequest.requests: requests must not be empty.\n")
    if len(requests) > _MOST_REQUESTS:
        message = f"at most {_MOST_REQUESTS} requests can be in one batch"
        raise ApiError(f"* BatchEmbedContentsRequest.requests: {message}\n")
    for index, entry in enumerate(requests):
        if not vertex and entry.get("model") != f"models/{model.name}":
            message = f"Model in the request ({entry.get('model', '')}) does not match that of the batch"
            raise ApiError(f"* BatchEmbedContentsRequest.requests[{index}].model: {message}\n")
    return {"embeddings": [{"values": _values(entry, model)} for entry in requests]}


def embed_content(request: dict[str, Any], model: Model) -> dict[str, Any]:
    """Answer `:embedContent`. Raises: ApiError."""
    count = load().count(_content_text(request))
    return {"embedding": {"values": _values(request, model)}, "usageMetadata": {"promptTokenCount": count}}


def predict(request: dict[str, Any], model: Model) -> dict[str, Any]:
    """Answer Vertex AI's `:predict`. Raises: ApiError."""
    instances = request.get("instances") or []
    if not 1 <= len(instances) <= _MOST_INSTANCES:
        raise ApiError(f"{len(instances)} instance(s) is allowed per prediction. Expected 1 to {_MOST_INSTANCES}.")
    dimensions = _dimensions((request.get("parameters") or {}).get("outputDimensionality"), model)
    return {"predictions": [{"embeddings": _prediction(entry, dimensions)} for entry in instances]}


def _prediction(instance: dict[str, Any], dimensions: int) -> dict[str, Any]:
    content = instance.get("content")
    if not content:
        raise ApiError("The text content is empty.")
    statistics = {"truncated": False, "token_count": load().count(content)}
    return {"statistics": statistics, "values": embed(content, dimensions)}


def _values(request: dict[str, Any], model: Model) -> list[float]:
    config = request.get("embedContentConfig") or request
    return embed(_content_text(request), _dimensions(config.get("outputDimensionality"), model))


def _content_text(request: dict[str, Any]) -> str:
    content = request.get("content") or {}
    check_parts(content, "content")
    return "\n".join(part.get("text") or part.get("inlineData", {}).get("data", "") for part in content["parts"])


def _dimensions(wanted: int | None, model: Model) -> int:
    if wanted is None:
        return model.dimensions
    if not 1 <= wanted <= model.dimensions:
        raise ApiError(f"output_dimensionality must be in the range [1, {model.dimensions}].")
    return wanted
