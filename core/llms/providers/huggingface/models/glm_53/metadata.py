"""What is known of GLM-5.3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.huggingface.models._families import ReasoningMetadata


class Glm53Metadata(ReasoningMetadata):
    """GLM-5.3: reasons."""

    NAME = "huggingface-zai-org/GLM-5.3"
    MODEL_ID = "zai-org/GLM-5.3"
    DISPLAY_NAME = "GLM-5.3"
    FAMILY = "glm"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 131_072
    REASONING_EFFORTS = ("low", "high", "max")
    RELEASED = date(2026, 8, 14)
