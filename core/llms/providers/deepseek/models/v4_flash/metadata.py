"""What is known of DeepSeek V4 Flash."""

from __future__ import annotations

from datetime import date

from core.llms.providers.deepseek.models._families import VisionMetadata, prices_by_hour


class V4FlashMetadata(VisionMetadata):
    """DeepSeek V4 Flash: its name leads to V4.1 Flash now."""

    NAME = "deepseek-deepseek-v4-flash"
    MODEL_ID = "deepseek-v4-flash"
    DISPLAY_NAME = "DeepSeek V4 Flash"
    FAMILY = "deepseek-flash"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 393_216
    PRICES = prices_by_hour("0.15", "0.60", cache_read="0.003")
    DEPRECATED = date(2026, 9, 10)
    REPLACEMENT = "deepseek-flash"
