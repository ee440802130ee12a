"""Replies of watsonx.ai and of IAM, and what every call to them must have: a method, a version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.watsonx.errors import DOCS, ApiError
from core.llms.simulator.watsonx.identity import trace_of
from core.llms.simulator.watsonx.stream import encode_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.watsonx.errors import IamError

_EVENT_STREAM = "text/event-stream"
_VERSION = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def reply_json(call: Call, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> HttpReply:
    """A body as a whole reply."""
    return HttpReply(headers=_traced(call) | dict(headers or {}), body=json_bytes(body))


def reply_stream(call: Call, values: Iterable[dict[str, Any]], headers: Mapping[str, str]) -> HttpReply:
    """Values as the events of a stream."""
    traced = _traced(call) | dict(headers)
    return HttpReply(headers=traced, events=encode_events(values), content_type=_EVENT_STREAM)


def refuse(call: Call, error: ApiError) -> HttpReply:
    """watsonx.ai's error."""
    body = error.body(trace_of(call), more_info(call))
    return HttpReply(error.status, _traced(call) | error.headers, json_bytes(body))


def refuse_token(call: Call, error: IamError) -> HttpReply:
    """IAM's error."""
    return HttpReply(error.status, {"transaction-id": trace_of(call)}, json_bytes(error.body(trace_of(call))))


def more_info(call: Call) -> str:
    """The part of the vendor's reference that an error points at."""
    operation = re.fullmatch(r"/ml/v1/(deployments/[^/]+/)?text/(\w+)", call.path)
    if operation is None:
        return DOCS
    place = "deployments-" if operation[1] else ""
    return f"{DOCS}#{place}text-{operation[2].replace('_', '-')}"


def require_method(call: Call, method: str) -> None:
    """Check the method. Raises: ApiError."""
    if call.method != method:
        message = f"The method '{call.method}' is not allowed for the path '{call.path}'"
        raise ApiError(message, status=405, code="method_not_allowed")


def require_version(call: Call) -> None:
    """Check the date of the API's version, which every call names. Raises: ApiError."""
    version = call.query.get("version", "")
    if not version:
        raise ApiError("The query parameter 'version' is required but was not provided", code="missing_query_parameter")
    if not _VERSION.fullmatch(version):
        message = f"The query parameter 'version' must be a date of the form YYYY-MM-DD, not '{version}'"
        raise ApiError(message, code="invalid_query_parameter")


def _traced(call: Call) -> dict[str, str]:
    return {"x-global-transaction-id": trace_of(call)}
