"""OpenAI's errors, word for word where the wording is known. Raised while a request is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INVALID_REQUEST = "invalid_request_error"


class ApiError(Exception):
    """An error the vendor answers with: HTTP status and the fields of its `error` object."""

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        status: int = 400,
        type: str = INVALID_REQUEST,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code
        self.status = status
        self.type = type
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The JSON body OpenAI sends."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


def joined(values: Iterable[object]) -> str:
    """Values quoted and joined as the vendor does: `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`."""
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"


def missing_parameter(path: str) -> ApiError:
    """A required field is absent."""
    return ApiError(f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter")


def unknown_parameter(path: str) -> ApiError:
    """A field the vendor does not know."""
    return ApiError(f"Unknown parameter: '{path}'.", param=path, code="unknown_parameter")


def unsupported_parameter(path: str, hint: str = "") -> ApiError:
    """A known field the model does not take."""
    message = f"Unsupported parameter: '{path}' is not supported with this model.{hint}"
    return ApiError(message, param=path, code="unsupported_parameter")


def invalid_type(path: str, expected: str, value: Any) -> ApiError:
    """A field of the wrong JSON type."""
    article = "" if value is None else f"{noun_of(value)} "
    got = "null" if value is None else f"{article}instead"
    return ApiError(f"Invalid type for '{path}': expected {expected}, but got {got}.", param=path, code="invalid_type")


def invalid_value(path: str, value: object, supported: Iterable[object]) -> ApiError:
    """A value outside the known ones."""
    message = f"Invalid value: '{value}'. Supported values are: {joined(supported)}."
    return ApiError(message, param=path, code="invalid_value")


def model_not_found(name: str) -> ApiError:
    """No such model, as chat and embeddings say it."""
    message = f"The model `{name}` does not exist or you do not have access to it."
    return ApiError(message, code="model_not_found", status=404)


def model_retired(name: str) -> ApiError:
    """A model that is no longer served."""
    message = f"The model `{name}` has been deprecated, learn more here: https://platform.openai.com/docs/deprecations"
    return ApiError(message, code="model_not_found", status=404)


def noun_of(value: Any) -> str:
    """The JSON type of a value with its article."""
    match value:
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case float():
            return "a decimal"
        case str():
            return "a string"
        case list():
            return "an array"
        case _:
            return "an object"


_STATUS_ERRORS: dict[int, tuple[str, str, str | None]] = {
    400: ("The request was invalid.", INVALID_REQUEST, None),
    401: (
        "Incorrect API key provided: simulated. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        INVALID_REQUEST,
        "invalid_api_key",
    ),
    403: ("Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory"),
    404: ("The requested resource was not found.", INVALID_REQUEST, None),
    408: ("Request timed out.", "timeout", "request_timeout"),
    409: ("The resource was updated by another request.", INVALID_REQUEST, "conflict"),
    413: ("Maximum content size limit exceeded.", INVALID_REQUEST, None),
    422: ("The request was well-formed but could not be processed.", INVALID_REQUEST, None),
    429: (
        "Rate limit reached for requests. Visit https://platform.openai.com/account/rate-limits to learn more.",
        "requests",
        "rate_limit_exceeded",
    ),
    500: (
        "The server had an error while processing your request. Sorry about that!",
        "server_error",
        None,
    ),
    502: ("Bad gateway.", "server_error", "bad_gateway"),
    503: (
        "The engine is currently overloaded, please try again later",
        "service_unavailable_error",
        "server_overloaded",
    ),
    504: ("Gateway timeout.", "server_error", "gateway_timeout"),
}
_QUOTA_MESSAGE = (
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, "
    "read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."
)


def error_for_status(status: int, code: str | None = None, message: str | None = None) -> ApiError:
    """The error OpenAI sends with a status; `insufficient_quota` has words of its own."""
    words, error_type, usual_code = _STATUS_ERRORS.get(status, _STATUS_ERRORS[500 if status >= 500 else 400])
    if code == "insufficient_quota":
        words, error_type = _QUOTA_MESSAGE, "insufficient_quota"
    return ApiError(message or words, type=error_type, code=code or usual_code, status=status)
