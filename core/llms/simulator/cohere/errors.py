"""Cohere's errors, word for word where the wording is known. Raised while a request is checked.

Messages: Cohere, "Errors" (API v2), read 2026-11-21, recorded exchanges of 2025 and 2026, and public reports of users
of 2025-06 (unknown fields, status 422) and 2025-09 (wrong types); what none of them shows is in the same style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MESSAGES = {
    400: "invalid request: the request is not valid.",
    401: "invalid api token",
    402: "Please add or update your payment method at https://dashboard.cohere.com/billing?tab=payment to continue",
    403: "your API key does not have access to this resource.",
    404: "404 page not found",
    405: "method not allowed",
    422: "invalid request: the request cannot be processed.",
    429: "Please wait and try again later",
    498: "your request was blocked: it contains a term on the deny list.",
    499: "request cancelled",
    500: "internal server error, this has been reported to our developers.",
    501: "not implemented",
    503: "service unavailable, please wait and try again later",
    504: "gateway timeout",
}


class ApiError(Exception):
    """An error the vendor answers with: HTTP status and message, and headers of its own."""

    def __init__(self, message: str, *, status: int = 400, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.headers = dict(headers or {})

    def body(self, identity: str) -> dict[str, str]:
        """The JSON body Cohere sends."""
        return {"id": identity, "message": self.message}


def invalid_request(reason: str) -> ApiError:
    """A value that the vendor does not take, or not here."""
    return ApiError(f"invalid request: {reason}")


def unknown_field(name: str, page: str) -> ApiError:
    """A field that `page` of the reference does not have."""
    message = f"unknown field: parameter '{name}' is not a valid field."
    return ApiError(f"{message} {_usage(page)}", status=422)


def wrong_type(path: str, found: str, expected: str, page: str) -> ApiError:
    """A value of another JSON type; `path` has dots between fields, and no indexes."""
    message = f"invalid type: parameter '{path}' is of type {found} but should be of type {expected}."
    return ApiError(f"{message} {_usage(page)}")


def model_not_found(name: str) -> ApiError:
    """No such model."""
    message = (
        f"model '{name}' not found, make sure the correct model ID was used and that you have access to the model."
    )
    return ApiError(message, status=404)


def error_for_status(status: int, message: str | None = None) -> ApiError:
    """The error Cohere sends with a status."""
    usual = _MESSAGES.get(status, _MESSAGES[500 if status >= 500 else 400])
    return ApiError(message or usual, status=status)


def _usage(page: str) -> str:
    return f"For proper usage, please refer to https://docs.cohere.com{page}"
