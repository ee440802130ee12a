"""What is known of GLM-5.3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.nvidia.models._families import ReasoningMetadata


class Glm53Metadata(ReasoningMetadata):
    """GLM-5.3 at NVIDIA."""

    NAME = "nvidia-z-ai/glm-5.3"
    MODEL_ID = "z-ai/glm-5.3"
    DISPLAY_NAME = "GLM-5.3"
    FAMILY = "glm"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 131_072
    REASONING_EFFORTS = ("low", "high", "max")
    RELEASED = date(2026, 8, 14)
