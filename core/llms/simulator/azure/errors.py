"""Azure's own errors: refusals of its gateway, of its deployments and of its content filter.

Form and words of 401, 404, 413, 429: recorded exchanges, 2024 to 2026. Of the content filter: Microsoft, "Azure
OpenAI content filtering", read 2026-11-21. The others follow the gateway's form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_BAD_KEY = (
    "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an "
    "active subscription and use a correct regional API endpoint for your resource."
)
_REFUSED_IDENTITY = (
    "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), "
    "or have expired."
)
_NO_DEPLOYMENT = (
    "The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, "
    "please wait a moment and try again."
)
_FILTERED = (
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify "
    "your prompt and retry. To learn more about our content filtering policies please read our documentation: "
    "https://go.microsoft.com/fwlink/?linkid=2198766"
)
_TOO_LARGE = (
    "Failed to buffer the request body: length limit exceeded\n"
    "Please check this guide to understand why this error code might have been returned \n"
    "https://docs.microsoft.com/en-us/azure/machine-learning/how-to-troubleshoot-online-endpoints#http-status-codes\n"
)
REGION = "westeurope"


class AzureError(Exception):
    """An error Azure answers with; `body` is an object, or text sent as text/plain."""

    def __init__(self, status: int, body: dict[str, Any] | str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def gateway_error(status: int, code: str, message: str) -> AzureError:
    """An error of the gateway: a code and a message."""
    return AzureError(status, {"error": {"code": code, "message": message}})


def bad_key() -> AzureError:
    """No key, or a wrong one."""
    return gateway_error(401, "401", _BAD_KEY)


def bad_token() -> AzureError:
    """A wrong bearer token."""
    return gateway_error(401, "Unauthorized", _REFUSED_IDENTITY)


def not_found() -> AzureError:
    """No such route, or an API version that does not have it."""
    return gateway_error(404, "404", "Resource not found")


def no_deployment() -> AzureError:
    """No deployment of that name."""
    error = {"type": "invalid_request_error", "code": "DeploymentNotFound", "message": _NO_DEPLOYMENT}
    return AzureError(404, {"error": error})


def rate_limited(model: str, headers: Mapping[str, str]) -> AzureError:
    """Too many requests or tokens a minute."""
    message = f"Your requests to {model} for {model} in {REGION} have exceeded rate limit."
    return AzureError(429, {"error": {"code": "RateLimitReached", "message": message, "details": message}}, headers)


def prompt_filtered() -> AzureError:
    """The prompt was held back by the content filter."""
    safe = {"filtered": False, "severity": "safe"}
    result = {
        "hate": safe,
        "jailbreak": {"detected": False, "filtered": False},
        "self_harm": safe,
        "sexual": safe,
        "violence": {"filtered": True, "severity": "medium"},
    }
    error = {
        "message": _FILTERED,
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation", "content_filter_result": result},
    }
    return AzureError(400, {"error": error})


_STATUS_ERRORS: dict[int, tuple[str, str]] = {
    400: ("BadRequest", "The request was invalid."),
    403: ("PermissionDenied", "The principal lacks the required data action to perform this operation."),
    409: ("Conflict", "The resource was updated by another request."),
    422: ("UnprocessableEntity", "The request was well-formed but could not be processed."),
    500: ("InternalServerError", "Backend returned unexpected response. Please contact Microsoft for help."),
    502: ("BadGateway", "The gateway received an invalid response from the backend."),
    503: ("ServiceUnavailable", "The service is temporarily unable to process your request. Please try again later."),
    504: ("GatewayTimeout", "The backend did not respond in time."),
}


def error_for_status(status: int, code: str | None, message: str | None) -> AzureError:
    """The error Azure sends with a status; `code` and `message` override its own."""
    usual = _usual_error(status)
    if isinstance(usual.body, str):
        return usual
    error = usual.body["error"]
    return AzureError(
        status, {"error": error | {"code": code or error["code"], "message": message or error["message"]}}
    )


def _usual_error(status: int) -> AzureError:
    match status:
        case 401:
            return bad_key()
        case 404:
            return not_found()
        case 408:
            return AzureError(408, "The operation was timeout.")
        case 413:
            return AzureError(413, _TOO_LARGE)
        case 429:
            return rate_limited("the deployment", {})
    code, message = _STATUS_ERRORS.get(status, _STATUS_ERRORS[500 if status >= 500 else 400])
    return gateway_error(status, code, message)
