"""What is known of DeepSeek V4.1 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.huggingface.models._families import VISION_REASONING, ReasoningMetadata


class DeepSeekV41FlashMetadata(ReasoningMetadata):
    """DeepSeek V4.1 Flash: reasons, sees images."""

    NAME = "huggingface-deepseek-ai/DeepSeek-V4.1-Flash"
    MODEL_ID = "deepseek-ai/DeepSeek-V4.1-Flash"
    DISPLAY_NAME = "DeepSeek V4.1 Flash"
    FAMILY = "deepseek-flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 384_000
    CAPABILITIES = VISION_REASONING
    REASONING_EFFORTS = ("none", "low", "high", "xhigh", "max")
    RELEASED = date(2026, 9, 10)
