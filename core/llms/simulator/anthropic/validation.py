"""From bytes to a request of the right shape, or the vendor's words for what is wrong with it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from core.llms.simulator.anthropic.auth import LATEST_VERSION
from core.llms.simulator.anthropic.block_shapes import HIDDEN
from core.llms.simulator.anthropic.errors import ApiError
from core.llms.simulator.anthropic.request_shapes import (
    VENDOR_TYPES,
    WEB_SEARCH_TYPES,
    CountRequest,
    MessagesRequest,
    SamplingRequest,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# Tools of one shape share a tag here; the vendor has one for each.
_TOOL_TAGS = "'web_search', 'vendor'"
_TOOL_TYPES = ", ".join(f"'{name}'" for name in sorted({*VENDOR_TYPES, *WEB_SEARCH_TYPES}))
_MOST_BYTES = 32 * 1024 * 1024


def parse_message_request(body: bytes, version: str) -> dict[str, Any]:
    """The request of a message. Raises: ApiError."""
    return _checked("messages" if version == LATEST_VERSION else "sampling", body)


def parse_count_request(body: bytes) -> dict[str, Any]:
    """The request of a count. Raises: ApiError."""
    return _checked("count", body)


def _checked(kind: str, body: bytes) -> dict[str, Any]:
    parsed = _parsed(body)
    try:
        request: dict[str, Any] = _adapter(kind).validate_python(parsed)
    except ValidationError as error:
        raise ApiError(complaint(error.errors(include_url=False)[0])) from error
    return request


@lru_cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    shapes: dict[str, Any] = {"messages": MessagesRequest, "sampling": SamplingRequest, "count": CountRequest}
    return TypeAdapter(shapes[kind])


def _parsed(body: bytes) -> Any:
    if len(body) > _MOST_BYTES:
        raise ApiError("Request exceeds the maximum size", status=413)
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(f"The request body is not valid JSON: {error}") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"unexpected {name}")


def complaint(detail: ErrorDetails) -> str:
    """The vendor's words for what pydantic found."""
    path = ".".join(str(step) for step in detail["loc"] if not str(step).startswith(HIDDEN))
    message = detail["msg"]
    match detail["type"]:
        case "union_tag_not_found":
            path, message = f"{path}.type", "Field required"
        case "union_tag_invalid":
            context = detail["ctx"]
            message = (
                f"Input tag '{context['tag']}' found using 'type' does not match any of the expected tags: "
                f"{context['expected_tags'].replace(_TOOL_TAGS, _TOOL_TYPES)}"
            )
        case "dict_type" | "model_attributes_type":
            message = "Input should be an object"
    return f"{path}: {message}" if path else message
