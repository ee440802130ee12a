"""What is known of DeepSeek V4.1 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import VisionReasoningMetadata
from core.llms.types.prices import Prices


class DeepSeekV41FlashMetadata(VisionReasoningMetadata):
    """DeepSeek V4.1 Flash on OpenRouter."""

    NAME = "openrouter-deepseek/deepseek-v4.1-flash"
    MODEL_ID = "deepseek/deepseek-v4.1-flash"
    DISPLAY_NAME = "DeepSeek V4.1 Flash"
    FAMILY = "deepseek-flash"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 943_718
    PRICES = Prices.of("0.21", "0.84", cache_read="0.0042")
    REASONING_EFFORTS = ("none", "low", "high", "max")
    KNOWLEDGE_CUTOFF = date(2025, 5, 31)
    RELEASED = date(2026, 9, 10)
