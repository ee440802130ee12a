"""Anthropic's errors, word for word where the wording is known. Raised while a request is checked.

Types and statuses: anthropic 2.11.0, `_exceptions.py` and `types/beta_*_error_object.py`, read 2026-11-21. Messages:
recorded exchanges of 2025-11 to 2026-08 and public reports of users; what neither shows is in the same style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

INVALID_REQUEST = "invalid_request_error"
_TYPES = {
    400: INVALID_REQUEST,
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_MESSAGES = {
    400: "The request was invalid.",
    401: "invalid x-api-key",
    402: "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or "
    "purchase credits.",
    403: "Your API key does not have permission to use the specified resource.",
    404: "Not found",
    408: "Request timed out",
    409: "The resource was changed by another request.",
    413: "Request exceeds the maximum size",
    429: "This request would exceed your organization's rate limit. Please try again later.",
    500: "Internal server error",
    504: "Request timed out",
    529: "Overloaded",
}
_NEVER_RETRIED = frozenset({400, 401, 402, 403, 404, 413, 422})


class ApiError(Exception):
    """An error the vendor answers with: HTTP status, type and message, and headers of its own."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type or _TYPES.get(status, "api_error" if status >= 500 else INVALID_REQUEST)
        self.headers = {"x-should-retry": "false" if status in _NEVER_RETRIED else "true"} | dict(headers or {})

    def body(self, request_id: str) -> dict[str, Any]:
        """The JSON body Anthropic sends."""
        return {
            "type": "error",
            "error": {"type": self.type, "message": self.message},
            "request_id": request_id,
        }


def extra_input(path: str) -> ApiError:
    """A field the vendor does not know, or no longer takes."""
    return ApiError(f"{path}: Extra inputs are not permitted")


def model_not_found(name: str) -> ApiError:
    """No such model, or one that is retired."""
    return ApiError(f"model: {name}", status=404)


def error_for_status(status: int, type: str | None = None, message: str | None = None) -> ApiError:
    """The error Anthropic sends with a status."""
    usual = _MESSAGES.get(status, _MESSAGES[500 if status >= 500 else 400])
    return ApiError(message or usual, status=status, type=type)


def error_for_stream(type: str | None = None, message: str | None = None) -> ApiError:
    """The error of an event inside a stream: an overload, unless another type is named."""
    status = next((status for status, name in _TYPES.items() if name == type), 529)
    return error_for_status(status, type, message)
