"""Reading a whole answer, and an array of a stream's chunks as one. The stream decoder ends in the same function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.errors import ProtocolError
from core.llms.types.response import LLMResponse
from core.llms.types.usage import Usage
from core.llms.wires.gemini.dialect import GeminiDialect
from core.llms.wires.gemini.errors import create_blocked_error, create_stream_error
from core.llms.wires.gemini.parts import parse_candidate
from core.llms.wires.gemini.usage import count_searches, parse_gemini_usage


def parse_gemini_response(body: Any, dialect: GeminiDialect) -> LLMResponse:
    """Read a body. Raises `ProtocolError` (not the wire) or `APIError` (an error, or a blocked prompt, under 200).

    A prompt that the vendor blocks has no candidate: that is a `ContentFilterError`. A candidate that its filter cut
    off is an answer, with what there is of it and the finish reason `content_filter`.
    """
    body = require_payload(body)
    candidates = body.get("candidates")
    if not isinstance(candidates, list) or not candidates:
        raise ProtocolError("the answer has no `candidates`")
    response_id = read_text(body, "responseId")
    choices = [parse_candidate(candidate, response_id) for candidate in candidates]
    usage = parse_body_usage(body, dialect)
    return LLMResponse(tuple(choices), usage, read_text(body, "modelVersion") or "", response_id, raw=body)


def require_payload(payload: Any) -> Mapping[str, Any]:
    """Return an answer or a chunk that is neither an error nor a blocked prompt. Raises as `parse_gemini_response`."""
    if not isinstance(payload, dict):
        raise ProtocolError(f"the answer is not a JSON object but {type(payload).__name__}")
    if payload.get("error"):
        raise create_stream_error(payload)
    feedback = payload.get("promptFeedback")
    if isinstance(feedback, dict) and feedback.get("blockReason") and not payload.get("candidates"):
        raise create_blocked_error(payload, feedback)
    return payload


def parse_body_usage(body: Mapping[str, Any], dialect: GeminiDialect) -> Usage:
    """Read a body's usage. Where the vendor says nothing, `raw` is None and the counts are 0."""
    raw, candidates = body.get("usageMetadata"), body.get("candidates")
    if not isinstance(raw, dict):
        return Usage()
    known = [item for item in candidates if isinstance(item, dict)] if isinstance(candidates, list) else []
    return parse_gemini_usage(raw, count_searches(known, dialect.search_fee))


def read_text(body: Mapping[str, Any], name: str) -> str | None:
    """Return a field's text; None where it is empty, absent or not text."""
    value = body.get(name)
    return value if isinstance(value, str) and value else None
