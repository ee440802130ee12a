"""Google's errors, word for word where the wording is known. Raised while a request is checked.

Form: recorded exchanges of 2025-11 to 2026-08 and google.rpc's status codes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    412: "FAILED_PRECONDITION",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_MESSAGES = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    429: "Resource has been exhausted (e.g. check quota).",
    499: "The operation was cancelled.",
    500: "An internal error has occurred. Please retry or report in "
    "https://developers.generativeai.google/guide/troubleshooting",
    503: "The model is overloaded. Please try again later.",
    504: "Deadline expired before operation could complete.",
}


class ApiError(Exception):
    """An error Google answers with: HTTP status, message, status name and details."""

    def __init__(
        self, message: str, *, code: int = 400, status: str | None = None, details: Sequence[dict[str, Any]] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status or _STATUSES.get(code, "INTERNAL" if code >= 500 else "INVALID_ARGUMENT")
        self.details = list(details)

    def body(self) -> dict[str, Any]:
        """The JSON body Google sends."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def invalid_field(path: str, description: str) -> ApiError:
    """A field whose value breaks a rule; `path` is in snake case, below the request."""
    return ApiError(f"* GenerateContentRequest.{path}: {description}\n")


def bad_request(violations: Sequence[tuple[str, str]]) -> ApiError:
    """Fields of the wrong name or type; each comes with its path, which may be empty."""
    described = [
        {"field": path, "description": message} if path else {"description": message} for path, message in violations
    ]
    details = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": described}
    return ApiError("\n".join(message for _, message in violations), details=[details])


def error_info(reason: str, service: str) -> dict[str, Any]:
    """The detail that names the reason of an error."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": service},
    }


def retry_info(seconds: str) -> dict[str, Any]:
    """The detail that says when to try again."""
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{seconds}s"}


def error_for_status(
    code: int, status: str | None = None, message: str | None = None, retry_after: str | None = None
) -> ApiError:
    """The error Google sends with an HTTP status."""
    usual = _MESSAGES.get(code, _MESSAGES[500 if code >= 500 else 400])
    waits = retry_after is not None and code in (429, 503)
    return ApiError(message or usual, code=code, status=status, details=[retry_info(str(retry_after))] if waits else [])
