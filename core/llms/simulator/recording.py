"""What was received, kept for assertions: bounded in number, credentials replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

if TYPE_CHECKING:
    from collections.abc import Mapping

REDACTED = "[redacted]"
_CREDENTIAL_HEADERS = frozenset(
    {"authorization", "api-key", "x-api-key", "x-goog-api-key", "x-amz-security-token", "cookie"}
)


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it arrived; `body` is the parsed JSON, or the bytes where they are not JSON, or None."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


def record_request(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> RecordedRequest:
    """A record of the request with its credentials replaced; header names are lower case."""
    kept = {name: REDACTED if name in _CREDENTIAL_HEADERS else value for name, value in headers.items()}
    return RecordedRequest(method, path, dict(query), kept, _parsed(body))


def _parsed(body: bytes) -> Any:
    if not body:
        return None
    try:
        return from_json(body)
    except ValueError:
        return body
