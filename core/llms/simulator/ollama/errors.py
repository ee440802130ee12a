"""Ollama's errors: one sentence under `error`, in its own words. Raised while a request is checked.

Words: the server's source, `server/routes.go`, `api/types.go` and `llm/server.go` of 2026, read 2026-11-28. How a
model refuses images it cannot see: public reports, of which some have the status 500.
"""

from __future__ import annotations

from typing import Any

CONTEXT_EXCEEDED = "the input length exceeds the context length"
_MESSAGES = {
    400: "invalid request",
    401: "unauthorized",
    403: "forbidden",
    404: "model not found",
    429: "too many requests",
    499: "request canceled",
    500: "llama runner process has terminated",
    502: "bad gateway",
    503: "server busy, please try again.  maximum pending requests exceeded",
}


class ApiError(Exception):
    """An error Ollama answers with: HTTP status and message."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status

    def body(self) -> dict[str, Any]:
        """The JSON body Ollama sends."""
        return {"error": self.message}


def error_for_status(status: int, message: str | None = None) -> ApiError:
    """The error Ollama sends with a status."""
    return ApiError(message or _MESSAGES.get(status, _MESSAGES[500 if status >= 500 else 400]), status=status)
