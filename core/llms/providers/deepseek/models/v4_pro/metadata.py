"""What is known of DeepSeek V4 Pro."""

from __future__ import annotations

from datetime import date

from core.llms.providers.deepseek.models._families import DeepSeekMetadata, prices_by_hour


class V4ProMetadata(DeepSeekMetadata):
    """DeepSeek V4 Pro: the largest. Its price is that since 2026-08-17; models.dev has the one before."""

    NAME = "deepseek-deepseek-v4-pro"
    MODEL_ID = "deepseek-v4-pro"
    DISPLAY_NAME = "DeepSeek V4 Pro"
    FAMILY = "deepseek-v4-pro"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 393_216
    PRICES = prices_by_hour("0.66", "1.98", cache_read="0.022")
    RELEASED = date(2026, 8, 12)
