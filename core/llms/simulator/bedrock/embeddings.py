"""InvokeModel for the models that make vectors; each family has bodies of its own, of which texts are taken here.

Facts: Amazon's pages on the parameters of Titan, Cohere Embed v4 and Nova's embeddings, read 2026-11-21. The tokens of
an input are in a header, as recorded; Titan says them in its body too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from core.llms.simulator.anthropic.block_shapes import EXACT
from core.llms.simulator.anthropic.counting import load
from core.llms.simulator.bedrock.errors import ApiError
from core.llms.simulator.vectors import embed

if TYPE_CHECKING:
    from core.llms.simulator.bedrock.models import Model

_MOST_TEXTS = 96
_REFORMAT = ", please reformat your input and try again."
_Words = Annotated[str, StringConstraints(min_length=1)]


@with_config(EXACT)
class TitanRequest(TypedDict):
    """What Titan Text Embeddings V2 takes."""

    inputText: _Words
    dimensions: NotRequired[Literal[256, 512, 1024]]
    normalize: NotRequired[bool]
    embeddingTypes: NotRequired[Annotated[list[Literal["float"]], Field(min_length=1)]]


@with_config(EXACT)
class CohereRequest(TypedDict):
    """What Cohere Embed v4 takes of texts."""

    input_type: Literal["search_document", "search_query", "classification", "clustering"]
    texts: Annotated[list[str], Field(min_length=1, max_length=_MOST_TEXTS)]
    embedding_types: NotRequired[Annotated[list[Literal["float"]], Field(min_length=1)]]
    output_dimension: NotRequired[Literal[256, 512, 1024, 1536]]
    max_tokens: NotRequired[Annotated[int, Field(ge=1, le=128_000)]]
    truncate: NotRequired[Literal["NONE", "LEFT", "RIGHT"]]


@with_config(EXACT)
class NovaText(TypedDict):
    """A text for Nova."""

    truncationMode: Literal["START", "END", "NONE"]
    value: _Words


@with_config(EXACT)
class NovaParameters(TypedDict):
    """One thing that Nova turns into a vector."""

    embeddingPurpose: Literal[
        "GENERIC_INDEX",
        "GENERIC_RETRIEVAL",
        "TEXT_RETRIEVAL",
        "IMAGE_RETRIEVAL",
        "VIDEO_RETRIEVAL",
        "DOCUMENT_RETRIEVAL",
        "AUDIO_RETRIEVAL",
        "CLASSIFICATION",
        "CLUSTERING",
    ]
    embeddingDimension: NotRequired[Literal[256, 384, 1024, 3072]]
    text: NovaText


@with_config(EXACT)
class NovaRequest(TypedDict):
    """What Nova's embeddings take of texts."""

    schemaVersion: NotRequired[Literal["nova-multimodal-embed-v1"]]
    taskType: Literal["SINGLE_EMBEDDING"]
    singleEmbeddingParams: NovaParameters


_SHAPES: dict[str, Any] = {"titan": TitanRequest, "cohere": CohereRequest, "nova-embed": NovaRequest}


@dataclass(frozen=True, slots=True)
class Vectors:
    """The body of a reply, and the tokens of what was embedded."""

    body: dict[str, Any]
    tokens: int


def create_vectors(payload: Any, model: Model, identifier: str) -> Vectors:
    """The vectors of the texts of a request. Raises: ApiError."""
    try:
        request: dict[str, Any] = _adapter(model.family).validate_python(payload)
    except ValidationError as error:
        raise ApiError(_complaint(error)) from error
    texts = _texts(request, model)
    counts = [load().count(text) for text in texts]
    if max(counts) > model.context_window and not _truncates(request, model):
        raise ApiError(
            f"400 Bad Request: Too many input tokens. Max input tokens: {model.context_window}, request input token "
            f"count: {max(counts)} "
        )
    total = sum(min(count, model.context_window) for count in counts)
    return Vectors(_body(request, texts, model, total, identifier), total)


def _texts(request: dict[str, Any], model: Model) -> list[str]:
    match model.family:
        case "titan":
            return [request["inputText"]]
        case "cohere":
            return list(request["texts"])
    return [request["singleEmbeddingParams"]["text"]["value"]]


def _truncates(request: dict[str, Any], model: Model) -> bool:
    if model.family == "cohere":
        return bool(request.get("truncate", "RIGHT") != "NONE")
    return model.family == "nova-embed" and request["singleEmbeddingParams"]["text"]["truncationMode"] != "NONE"


def _body(request: dict[str, Any], texts: list[str], model: Model, tokens: int, identifier: str) -> dict[str, Any]:
    match model.family:
        case "titan":
            vector = embed(texts[0], request.get("dimensions", 1024))
            return {"embedding": vector, "embeddingsByType": {"float": vector}, "inputTextTokenCount": tokens}
        case "cohere":
            vectors = [embed(text, request.get("output_dimension", 1536)) for text in texts]
            typed = "embedding_types" in request
            return {
                "embeddings": {"float": vectors} if typed else vectors,
                "id": identifier,
                "response_type": "embeddings_by_type" if typed else "embeddings_floats",
                "texts": texts,
            }
    vector = embed(texts[0], request["singleEmbeddingParams"].get("embeddingDimension", 3072))
    return {"embeddings": [{"embedding": vector, "embeddingType": "TEXT"}]}


@lru_cache
def _adapter(family: str) -> TypeAdapter[Any]:
    return TypeAdapter(_SHAPES[family])


def _complaint(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    *place, name = detail["loc"] or ("",)
    path = "".join(f"/{step}" for step in place)
    match detail["type"]:
        case "extra_forbidden":
            return f"Malformed input request: #{path}: extraneous key [{name}] is not permitted{_REFORMAT}"
        case "missing":
            return f"Malformed input request: #{path}: required key [{name}] not found{_REFORMAT}"
    where = f"#{path}/{name}" if name != "" else "#"
    return f"Malformed input request: {where}: {detail['msg']}{_REFORMAT}"
