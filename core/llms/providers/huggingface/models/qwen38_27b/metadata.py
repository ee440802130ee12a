"""What is known of Qwen3.8 27B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.huggingface.models._families import VISION_REASONING, ReasoningMetadata


class Qwen3827BMetadata(ReasoningMetadata):
    """Qwen3.8 27B: reasons, sees images."""

    NAME = "huggingface-Qwen/Qwen3.8-27B"
    MODEL_ID = "Qwen/Qwen3.8-27B"
    DISPLAY_NAME = "Qwen3.8 27B"
    FAMILY = "qwen"
    CONTEXT_WINDOW = 262_144
    MAX_TOKENS = 32_768
    CAPABILITIES = VISION_REASONING
    REASONING_EFFORTS = ("low", "medium", "xhigh")
    RELEASED = date(2026, 8, 14)
