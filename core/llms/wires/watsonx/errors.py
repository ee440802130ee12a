"""watsonx.ai's errors: `{"errors": [{"code", "message", "more_info"}], "trace": "…", "status_code": 404}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    PermissionDeniedError,
    QuotaExceededError,
)
from core.llms.wires.openai_errors import ErrorRules, create_payload_error, parse_openai_error


def _read_first(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the first of several errors, which is the one that the status is of."""
    errors = body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, Mapping):
        return {}
    message = first.get("message")
    return {"code": first.get("code"), "message": message.strip() if isinstance(message, str) else None}


# Codes: IBM's SDK for Java, `WatsonxError.java`, and answers quoted in public reports, read 2026-11-28. A used-up quota
# comes with status 403, a wrong argument with 400 and, of some models, 500.
ERRORS: Final = ErrorRules(
    codes={
        "token_quota_reached": QuotaExceededError,
        "authentication_token_expired": AuthenticationError,
        "authentication_token_not_valid": AuthenticationError,
        "authentication_token_not_found": AuthenticationError,
        "authorization_rejected": PermissionDeniedError,
        "user_authorization_failed": PermissionDeniedError,
        "no_associated_service_instance_error": PermissionDeniedError,
        "model_not_supported": NotFoundError,
        "model_no_support_for_function": BadRequestError,
        "invalid_input_argument": BadRequestError,
        "invalid_request_entity": BadRequestError,
        "json_type_error": BadRequestError,
        "json_validation_error": BadRequestError,
    },
    context_length_patterns=("cannot exceed the total tokens limit", "maximum context length"),
    parse_extra=_read_first,
)


def parse_watsonx_error(status: int, headers: Mapping[str, str], body: bytes) -> APIError:
    """Read an error answer of any form, an HTML page included, into the right class."""
    return name_trace(parse_openai_error(status, headers, body, ERRORS))


def create_stream_error(payload: Mapping[str, Any]) -> APIError:
    """Make the error that a body under status 200 reports."""
    return name_trace(create_payload_error(payload, ERRORS))


def name_trace(error: APIError) -> APIError:
    """Give an error the vendor's own id of the request, which its body has."""
    trace = error.body.get("trace") if error.body is not None else None
    if isinstance(trace, str) and trace:
        error.request_id = trace
    return error
