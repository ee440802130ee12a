"""What is known of DeepSeek V4.1 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.fireworks.models._families import VISION_REASONING, ReasoningMetadata
from core.llms.types.prices import Prices


class DeepSeekV4P1FlashMetadata(ReasoningMetadata):
    """DeepSeek V4.1 Flash on Fireworks AI: sees images."""

    NAME = "fireworks-accounts/fireworks/models/deepseek-v4p1-flash"
    MODEL_ID = "accounts/fireworks/models/deepseek-v4p1-flash"
    DISPLAY_NAME = "DeepSeek V4.1 Flash"
    FAMILY = "deepseek-flash"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 384_000
    PRICES = Prices.of("0.30", "1.20", cache_read="0.006")  # models.dev: 0.22, 0.66, 0.007
    CAPABILITIES = VISION_REASONING
    REASONING_EFFORTS = ("none", "low", "high", "max")
    RELEASED = date(2026, 9, 10)
