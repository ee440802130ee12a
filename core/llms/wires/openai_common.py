"""What the two OpenAI wires share: reading errors, embeddings and the model list. Nothing of chat or responses."""

from __future__ import annotations

from core.llms.wires.openai_embeddings import (
    parse_openai_embeddings,
    parse_openai_models,
    render_openai_embeddings,
    render_openai_models,
)
from core.llms.wires.openai_errors import (
    DEFAULT_RULES,
    MAX_MESSAGE_CHARACTERS,
    ErrorRules,
    create_payload_error,
    find_request_id,
    parse_openai_error,
)

__all__ = [
    "DEFAULT_RULES",
    "MAX_MESSAGE_CHARACTERS",
    "ErrorRules",
    "create_payload_error",
    "find_request_id",
    "parse_openai_embeddings",
    "parse_openai_error",
    "parse_openai_models",
    "render_openai_embeddings",
    "render_openai_models",
]
