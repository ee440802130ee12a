"""Vectors (`/ml/v1/text/embeddings`), the tokens of a text (`…/tokenization`), and the list of models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from core.llms.errors import InvalidRequestError, ProtocolError
from core.llms.types.request import EmbeddingRequest
from core.llms.types.response import EmbeddingResponse, ModelInfo
from core.llms.types.usage import Usage
from core.llms.wires.base import RenderedRequest
from core.llms.wires.merging import merge_options
from core.llms.wires.watsonx.errors import create_stream_error
from core.llms.wires.watsonx.scope import WatsonxScope

# ibm-watsonx-ai 1.8.1: `MAX_INPUTS_LENGTH`, and the largest `limit` of a list.
MOST_TEXTS: Final = 1_000
_PAGE: Final = 200


def render_watsonx_embeddings(request: EmbeddingRequest, scope: WatsonxScope) -> RenderedRequest:
    """Write an embedding request.

    A text that is too long is refused by the vendor, not cut: `provider_options={"parameters":
    {"truncate_input_tokens": 512}}` has it cut. Raises `InvalidRequestError` for what the wire cannot express.
    """
    for name in ("dimensions", "input_type"):
        if getattr(request, name) is not None:
            raise InvalidRequestError(f"`{name}` cannot be expressed on watsonx.ai's wire: leave it out")
    if len(request.texts) > MOST_TEXTS:
        raise InvalidRequestError(f"watsonx.ai embeds {MOST_TEXTS} texts at once; give fewer a call")
    body = {"model_id": request.model, "inputs": list(request.texts), **scope.place}
    return RenderedRequest("/ml/v1/text/embeddings", merge_options(body, request.provider_options))


def parse_watsonx_embeddings(body: Any) -> EmbeddingResponse:
    """Read vectors, in the order of the texts. Raises `ProtocolError`, or `APIError` for an error under status 200."""
    body = require_body(body)
    rows = body.get("results")
    if not isinstance(rows, list) or not rows:
        raise ProtocolError("the answer has no `results`")
    count, model = body.get("input_token_count"), body.get("model_id")
    usage = Usage(input_tokens=count, raw={"input_token_count": count}) if type(count) is int else Usage()
    return EmbeddingResponse(tuple(map(_read_vector, rows)), usage, model=model if isinstance(model, str) else "")


def render_tokenization(model: str, text: str, scope: WatsonxScope) -> RenderedRequest:
    """Write the request that counts a text's tokens."""
    body = {"model_id": model, "input": text, **scope.place, "parameters": {"return_tokens": False}}
    return RenderedRequest("/ml/v1/text/tokenization", body)


def parse_token_count(body: Any) -> int:
    """Read how many tokens a text has."""
    result = require_body(body).get("result")
    count = result.get("token_count") if isinstance(result, Mapping) else None
    if type(count) is not int:
        raise ProtocolError("the answer has no `token_count`")
    return count


def render_watsonx_models(start: str | None = None) -> RenderedRequest:
    """Write the request for a page of the vendor's model list, the first without `start`; withdrawn models are none."""
    begin = "" if start is None else f"&start={quote(start, safe='')}"
    path = f"/ml/v1/foundation_model_specs?filters=%21lifecycle_withdrawn&limit={_PAGE}{begin}"
    return RenderedRequest(path, {}, method="GET")


def parse_watsonx_models(body: Any) -> list[ModelInfo]:
    """Read a page of the model list, in the vendor's order."""
    items = require_body(body).get("resources")
    if not isinstance(items, list):
        raise ProtocolError("the answer has no `resources`")
    return [_read_model(item) for item in items]


def parse_next_page(body: Any) -> str | None:
    """Read where the next page of the model list begins; None after the last."""
    following = require_body(body).get("next")
    href = following.get("href") if isinstance(following, Mapping) else None
    return parse_qs(urlsplit(href).query).get("start", [None])[0] if isinstance(href, str) else None


def require_body(body: Any) -> Mapping[str, Any]:
    """Return an answer's object. Raises `ProtocolError`, or `APIError` for an error under status 200."""
    if not isinstance(body, Mapping):
        raise ProtocolError(f"the answer is not a JSON object but {type(body).__name__}")
    if body.get("errors"):
        raise create_stream_error(body)
    return body


def _read_model(item: Any) -> ModelInfo:
    id = item.get("model_id") if isinstance(item, Mapping) else None
    if not isinstance(id, str):
        raise ProtocolError("an entry of the model list has no `model_id`")
    provider = item.get("provider")
    return ModelInfo(id, owned_by=provider if isinstance(provider, str) else None, raw=item)


def _read_vector(row: Any) -> tuple[float, ...]:
    vector = row.get("embedding") if isinstance(row, Mapping) else None
    if not isinstance(vector, list) or not all(type(value) in (int, float) for value in vector):
        raise ProtocolError("a vector is not a list of numbers")
    return tuple(map(float, vector))
