"""What is known of GPT OSS 120B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.fireworks.models._families import RetiredReasoningMetadata
from core.llms.types.prices import Prices


class GptOss120BMetadata(RetiredReasoningMetadata):
    """GPT OSS 120B on Fireworks AI."""

    NAME = "fireworks-accounts/fireworks/models/gpt-oss-120b"
    MODEL_ID = "accounts/fireworks/models/gpt-oss-120b"
    DISPLAY_NAME = "GPT OSS 120B"
    FAMILY = "gpt-oss"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 32_768
    PRICES = Prices.of("0.15", "0.60", cache_read="0.015")
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2025, 8, 5)
    RETIRED = date(2026, 11, 7)
    REPLACEMENT = "accounts/fireworks/models/deepseek-v4p1-flash"
