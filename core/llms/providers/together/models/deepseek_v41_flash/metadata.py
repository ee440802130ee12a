"""What is known of DeepSeek V4.1 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.together.models._families import CACHING_VISION_REASONING, ReasoningMetadata
from core.llms.types.prices import Prices


class DeepSeekV41FlashMetadata(ReasoningMetadata):
    """DeepSeek V4.1 Flash on Together AI."""

    NAME = "together-deepseek-ai/DeepSeek-V4.1-Flash"
    MODEL_ID = "deepseek-ai/DeepSeek-V4.1-Flash"
    DISPLAY_NAME = "DeepSeek V4.1 Flash"
    FAMILY = "deepseek-flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 384_000
    PRICES = Prices.of("0.30", "1.20", cache_read="0.006")
    CAPABILITIES = CACHING_VISION_REASONING
    REASONING_EFFORTS = ("none", "low", "high", "max")
    RELEASED = date(2026, 9, 10)
