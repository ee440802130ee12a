"""Errors that the Responses API reports inside an answer, under status 200: a failed response, an `error` event.

The codes are those of openai 3.52, `ResponseError.code`, beside the ones that every OpenAI wire shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from core.llms.errors import APIError, BadRequestError, ContentFilterError, ServerError
from core.llms.wires.openai_common import ErrorRules, create_payload_error

_CODES: Final[Mapping[str, type[APIError]]] = {
    "bio_policy": ContentFilterError,
    "image_content_policy_violation": ContentFilterError,
    "misalignment_policy_violation": ContentFilterError,
    "vector_store_timeout": ServerError,
    "data_residency_mismatch": BadRequestError,
    "empty_image_file": BadRequestError,
    "failed_to_download_image": BadRequestError,
    "image_file_not_found": BadRequestError,
    "image_file_too_large": BadRequestError,
    "image_parse_error": BadRequestError,
    "image_too_large": BadRequestError,
    "image_too_small": BadRequestError,
    "invalid_base64_image": BadRequestError,
    "invalid_image": BadRequestError,
    "invalid_image_format": BadRequestError,
    "invalid_image_mode": BadRequestError,
    "invalid_image_url": BadRequestError,
    "unsupported_image_media_type": BadRequestError,
}


def with_response_codes(rules: ErrorRules) -> ErrorRules:
    """Add this API's codes to a dialect's; the dialect's own stand above them."""
    return replace(rules, codes={**_CODES, **rules.codes})


def create_failure(payload: Mapping[str, Any], rules: ErrorRules) -> APIError:
    """Make the error that a failed response or an `error` event reports; `ServerError` where no code is known."""
    return create_payload_error(payload, with_response_codes(rules))


def raise_failure(body: Mapping[str, Any], rules: ErrorRules) -> None:
    """Raise the `APIError` of a response that failed, or of an error body under status 200."""
    if body.get("error") or body.get("status") == "failed":
        raise create_failure(body, rules)
