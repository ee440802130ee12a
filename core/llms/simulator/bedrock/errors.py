"""Bedrock's errors: the name in a header, the words in the body. Raised while a request is checked.

Names and statuses: botocore 1.44, bedrock-runtime 2023-09-30, read 2026-11-21. Form of the header: recorded exchanges
of 2024 to 2026. Messages: those exchanges and public reports of users; what neither shows is in the same style.
"""

from __future__ import annotations

from typing import Any

_BEDROCK = "http://internal.amazon.com/coral/com.amazon.bedrock/"
_SERVICE = "http://internal.amazon.com/coral/com.amazon.coral.service/"
_STATUSES = {
    "AccessDeniedException": 403,
    "ExpiredTokenException": 403,
    "IncompleteSignatureException": 403,
    "InternalServerException": 500,
    "InvalidSignatureException": 403,
    "MissingAuthenticationTokenException": 403,
    "ModelErrorException": 424,
    "ModelNotReadyException": 429,
    "ModelStreamErrorException": 424,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "SerializationException": 400,
    "ServiceQuotaExceededException": 400,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "UnknownOperationException": 404,
    "UnrecognizedClientException": 403,
    "ValidationException": 400,
}
# What every service of Amazon says comes from another namespace than what Bedrock says.
_OF_EVERY_SERVICE = frozenset(
    {
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "SerializationException",
        "UnknownOperationException",
        "UnrecognizedClientException",
    }
)
_NAMES = {
    400: "ValidationException",
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}
_UNEXPECTED = "The system encountered an unexpected error during processing. Try your request again."
_MESSAGES = {
    "AccessDeniedException": "You don't have access to the model with the specified model ID.",
    "InternalServerException": _UNEXPECTED,
    "ModelErrorException": _UNEXPECTED,
    "ModelNotReadyException": "Model is not ready for inference. Wait and try your request again.",
    "ModelStreamErrorException": _UNEXPECTED,
    "ModelTimeoutException": "Model has timed out in processing the request. Try your request again.",
    "ResourceNotFoundException": "The resource specified in the request was not found.",
    "ServiceQuotaExceededException": "Your request exceeds the service quota for your account.",
    "ServiceUnavailableException": "Bedrock is unable to process your request.",
    "ThrottlingException": "Too many requests, please wait before trying again.",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
    "ValidationException": "The request is not valid.",
}


class ApiError(Exception):
    """An error the vendor answers with: its name, its words, and the HTTP status that goes with the name."""

    def __init__(self, message: str, *, name: str = "ValidationException", status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.name = name
        self.status = status or _STATUSES.get(name, 400)

    @property
    def headers(self) -> dict[str, str]:
        """The header that names the error."""
        namespace = _SERVICE if self.name in _OF_EVERY_SERVICE else _BEDROCK
        return {"x-amzn-errortype": f"{self.name}:{namespace}"}

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"message": self.message}


def model_error(message: str) -> ApiError:
    """What the model itself refuses, as Bedrock passes it on."""
    return ApiError(f"The model returned the following errors: {message}")


def error_for_status(status: int, name: str | None = None, message: str | None = None) -> ApiError:
    """The error Bedrock sends with a status."""
    usual = _NAMES.get(status, "InternalServerException" if status >= 500 else "ValidationException")
    name = name or usual
    return ApiError(message or _MESSAGES.get(name, _MESSAGES[usual]), name=name, status=status)


def error_for_stream(name: str | None = None, message: str | None = None) -> ApiError:
    """The error of a stream that fails: an overload, unless another is named."""
    name = name or "ServiceUnavailableException"
    name = name[:1].upper() + name[1:]
    return ApiError(message or _MESSAGES.get(name, _MESSAGES["InternalServerException"]), name=name)
