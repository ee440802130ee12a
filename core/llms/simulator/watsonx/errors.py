"""watsonx.ai's errors, and IAM's, word for word where the wording is known. Raised while a request is checked.

Form and codes: IBM's SDK for Java, `WatsonxError.java`, read 2026-11-27. Messages: responses quoted in public reports
of users and in the tests of IBM's SDKs, 2024 to 2026; what neither shows is in the same style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCS = "https://cloud.ibm.com/apidocs/watsonx-ai"
_CODES = {
    400: ("invalid_request_entity", "The request entity is not valid"),
    401: ("authentication_token_expired", "Failed to authenticate the request due to an expired token"),
    403: ("token_quota_reached", "Request of 1 token(s) from quota was rejected"),
    404: ("model_not_supported", "The requested model was not found. It may be unsupported, deprecated, or removed."),
    408: ("request_timeout", "The request timed out"),
    409: ("conflict", "The request conflicts with another one"),
    413: ("request_too_large", "The request entity is too large"),
    429: ("rate_limit_reached_requests", "Rate limit of 8 requests per 1s was reached for the instance"),
    500: ("fatal_error", "An unexpected error occurred while the request was processed"),
    503: ("downstream_request_failed", "The model is overloaded or not available at the moment"),
    504: ("downstream_request_timeout", "The model did not answer in time"),
}
_IAM_CODES = {
    400: ("BXNIM0415E", "Provided API key could not be found."),
    401: ("BXNIM0462E", "Unauthorized."),
    403: ("BXNIM0513E", "You are not authorized to use this API."),
    404: ("BXNIM0133E", "The requested resource was not found."),
    405: ("BXNIM0060E", "Web application exception 'javax.ws.rs.ClientErrorException' during request processing."),
    429: ("BXNIM0439E", "Too many requests. Try again later."),
    500: ("BXNIM0507E", "An internal error occurred."),
    503: ("BXNIM0511E", "The service is not available at the moment."),
}


class ApiError(Exception):
    """An error watsonx.ai answers with: HTTP status, code and message, and headers of its own."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str = "invalid_request_entity",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.headers = dict(headers or {})

    def body(self, trace: str, more_info: str = DOCS) -> dict[str, Any]:
        """The JSON body watsonx.ai sends."""
        error = {"code": self.code, "message": self.message, "more_info": more_info}
        return {"errors": [error], "trace": trace, "status_code": self.status}


class IamError(Exception):
    """An error IAM answers with: HTTP status, code, message and details."""

    def __init__(self, code: str, message: str, *, details: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.status = status

    def body(self, trace: str) -> dict[str, Any]:
        """The JSON body IAM sends."""
        body: dict[str, Any] = {"errorCode": self.code, "errorMessage": self.message}
        if self.details is not None:
            body["errorDetails"] = self.details
        context = {"requestId": trace, "requestType": "incoming.Identity_Token", "url": "https://iam.cloud.ibm.com"}
        return body | {"context": context}


def missing_field(path: str) -> ApiError:
    """A field that must be there is not."""
    return ApiError(f"The Json field '{path}' is required but was not provided in the request body.")


def empty_field(name: str) -> ApiError:
    """A field of the request itself that must hold something holds nothing."""
    return invalid_document(f"'{name}' cannot be missing or empty in the request body")


def invalid_document(problem: str) -> ApiError:
    """A value of the right type that breaks a rule."""
    return ApiError(f"Json document validation error: {problem}", code="json_validation_error")


def both_given(name: str, other: str) -> ApiError:
    """Two fields of which there may be one."""
    return invalid_document(f"only one of '{name}' and '{other}' can be specified in the request body")


def invalid_type(path: str, kind: str) -> ApiError:
    """A value of the wrong JSON type."""
    return ApiError(f"Json field type error: {path} must be of type {kind}", code="json_type_error")


def invalid_argument(model: str, problem: str) -> ApiError:
    """What the model itself refuses."""
    return ApiError(f"Invalid input argument for Model '{model}': {problem}", code="invalid_input_argument")


def model_not_supported(name: str) -> ApiError:
    """No such model here."""
    message = f"Model '{name}' was not found. This model may be unsupported, deprecated, or removed."
    return ApiError(message, status=404, code="model_not_supported")


def error_for_status(status: int, code: str | None = None, message: str | None = None) -> ApiError:
    """The error watsonx.ai sends with a status."""
    usual_code, usual = _CODES.get(status, _CODES[500 if status >= 500 else 400])
    return ApiError(message or usual, status=status, code=code or usual_code)


def iam_error_for_status(status: int, code: str | None = None, message: str | None = None) -> IamError:
    """The error IAM sends with a status."""
    usual_code, usual = _IAM_CODES.get(status, _IAM_CODES[500 if status >= 500 else 400])
    return IamError(code or usual_code, message or usual, status=status)
