"""OpenAI's embeddings: from a request to the vectors of its inputs."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

from core.llms.simulator.openai.errors import ApiError, invalid_type, missing_parameter, unknown_parameter
from core.llms.simulator.openai.fields import Rule, array, check_fields, integer, one_of, text
from core.llms.simulator.tokens import Tokenizer, load_tokenizer
from core.llms.simulator.vectors import embed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.openai.service import Service
    from core.llms.simulator.rate_limits import Verdict

_MOST_INPUTS = 2048
_MOST_TOKENS = 8192
_MOST_TOTAL_TOKENS = 300_000
_INVALID_INPUT = "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."
_TOKENS = array(integer(0), shortest=1, longest=_MOST_INPUTS)
_FIELDS: Mapping[str, Rule] = {
    "input": one_of(text(), array(one_of(text(), integer(0), _TOKENS), shortest=1, longest=_MOST_INPUTS)),
    "model": text(),
    "dimensions": integer(1),
    "encoding_format": text(choices=("float", "base64")),
    "user": text(),
}


def check_embedding_shape(body: Any) -> dict[str, Any]:
    """A request once every field has a known name, type and range. Raises: ApiError."""
    if not isinstance(body, dict):
        raise invalid_type("body", "an object", body)
    if "model" not in body:
        raise ApiError("you must provide a model parameter")
    for name in body:
        if name not in _FIELDS:
            raise unknown_parameter(name)
    if "input" not in body:
        raise missing_parameter("input")
    check_fields({name: value for name, value in body.items() if value is not None}, _FIELDS, ("input",), "")
    return body


def create_embeddings(
    service: Service, account: str, body: dict[str, Any], model: Model
) -> tuple[dict[str, Any], Verdict | None]:
    """The reply to a request whose shape is checked, and the rate limits' verdict. Raises: ApiError."""
    if model.kind != "embedding":
        message = f"You are not allowed to generate embeddings from this model: {model.name}"
        raise ApiError(message, status=403)
    dimensions = _dimensions(body, model)
    tokenizer = load_tokenizer(model.encoding)
    inputs = [_tokens(tokenizer, entry) for entry in _inputs(body["input"])]
    total = sum(len(tokens) for tokens in inputs)
    if total > _MOST_TOTAL_TOKENS:
        message = f"Requested {total} tokens, max {_MOST_TOTAL_TOKENS} tokens per request"
        raise ApiError(message, type="max_tokens_per_request", code="max_tokens_per_request")
    verdict = service.admit(account, model.name, total)
    as_text = body.get("encoding_format") == "base64"
    data = []
    for index, tokens in enumerate(inputs):
        vector = embed(tokenizer.encoding.decode(tokens), dimensions)
        data.append({"object": "embedding", "index": index, "embedding": _packed(vector) if as_text else vector})
    usage = {"prompt_tokens": total, "total_tokens": total}
    return {"object": "list", "data": data, "model": model.snapshot, "usage": usage}, verdict


def _dimensions(body: dict[str, Any], model: Model) -> int:
    wanted = body.get("dimensions")
    if wanted is None:
        return model.dimensions
    if not model.shortens:
        raise ApiError("This model does not support specifying dimensions.")
    if wanted > model.dimensions:
        message = f"Invalid value for 'dimensions' = {wanted}. Must be less than or equal to {model.dimensions}."
        raise ApiError(message)
    return int(wanted)


def _inputs(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [value]
    if len({type(entry) for entry in value}) > 1:
        raise ApiError(_INVALID_INPUT)
    return [value] if isinstance(value[0], int) else list(value)


def _tokens(tokenizer: Tokenizer, entry: str | list[int]) -> list[int]:
    if isinstance(entry, str):
        if not entry:
            raise ApiError(_INVALID_INPUT)
        tokens = tokenizer.encode(entry)
    else:
        tokens = list(entry)
        highest = tokenizer.encoding.max_token_value
        bad = next((token for token in tokens if token > highest), None)
        if bad is not None:
            message = f"Invalid token in input: {bad}. Minimum value is 0, maximum value is {highest} (inclusive)."
            raise ApiError(message)
    if len(tokens) > _MOST_TOKENS:
        message = (
            f"This model's maximum context length is {_MOST_TOKENS} tokens, however you requested {len(tokens)} tokens "
            f"({len(tokens)} in your prompt; 0 for the completion). Please reduce your prompt; or completion length."
        )
        raise ApiError(message)
    return tokens


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
