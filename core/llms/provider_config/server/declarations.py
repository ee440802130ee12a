"""What a route says of itself: the operations that it needs, and the problems that it may answer with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.server.problems import MEDIA_TYPE

OPERATIONS: Final = "x-operations"
PUBLIC: Final = "x-public"
_OF_EVERY_ROUTE: Final = (400, 401, 403, 422, 429, 500, 503)
_OF_BODIES: Final = (413, 415)
_MEANINGS: Final[Mapping[int, str]] = {
    304: "It is what the caller has.",
    400: "The request cannot be read.",
    401: "The API token is missing, unknown, expired or revoked.",
    403: "The actor may not do that.",
    404: "There is no such thing.",
    406: "There is no answer of the media types that the caller takes.",
    409: "Something else has that name, or it is in use.",
    412: "It is at another version than the one that was meant, or there already.",
    413: "The body is too large.",
    415: "The body has a media type that is not read here.",
    422: "Some values are wrong; `errors` says which.",
    424: "The provider does not answer for it; `configuration` is what is stored.",
    428: "`If-Match` is missing.",
    429: "Too many requests with a wrong token came from the address.",
    500: "An error of the server, which its log has under the request's id.",
    503: "The database does not answer, or an encryption key is not set.",
}
_NOT_MODIFIED: Final = 304


def declare(
    *operations: Operation,
    problems: Iterable[int] = (),
    has_body: bool = False,
    body: Mapping[str, Any] | None = None,
    answered: Mapping[str, Any] | None = None,
    same: type[BaseModel] | None = None,
) -> dict[str, Any]:
    """Return what a route is added with. Without an operation a valid token is enough.

    Where a route needs one operation or another, by what is asked of it, `operations` has them all. `body`
    describes one that the route reads by itself, `answered` an answer that no model does. `same` is what a route
    answers with 200 where it would have made what is there already.
    """
    statuses = {*problems, *_OF_EVERY_ROUTE, *(_OF_BODIES if has_body or body is not None else ())}
    responses = {status: _describe(status) for status in sorted(statuses)}
    if same is not None:
        responses[200] = {"model": same, "description": "The same was there already."}
    if answered is not None:
        responses[200] = dict(answered)
    described: dict[str, Any] = {OPERATIONS: [str(operation) for operation in operations]}
    if body is not None:
        described["requestBody"] = body
    return {"openapi_extra": described, "responses": responses}


def declare_public(*problems: int) -> dict[str, Any]:
    """Return what a route is added with that needs no token."""
    return {"openapi_extra": {PUBLIC: True}, "responses": {status: _describe(status) for status in (500, *problems)}}


def _describe(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"description": _MEANINGS[status]}
    if status != _NOT_MODIFIED:
        told["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return told
