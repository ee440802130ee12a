"""What is known of DeepSeek V4.1 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.deepseek.models._families import VisionMetadata, prices_by_hour


class FlashMetadata(VisionMetadata):
    """DeepSeek V4.1 Flash: fast, sees images."""

    NAME = "deepseek-deepseek-flash"
    MODEL_ID = "deepseek-flash"
    DISPLAY_NAME = "DeepSeek V4.1 Flash"
    FAMILY = "deepseek-flash"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 393_216
    PRICES = prices_by_hour("0.15", "0.60", cache_read="0.003")
    KNOWLEDGE_CUTOFF = date(2025, 5, 31)
    RELEASED = date(2026, 9, 10)
