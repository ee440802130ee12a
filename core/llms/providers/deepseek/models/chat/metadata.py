"""What is known of DeepSeek Chat."""

from __future__ import annotations

from datetime import date

from core.llms.providers.deepseek.models._families import DeepSeekMetadata
from core.llms.types.prices import Prices


class ChatMetadata(DeepSeekMetadata):
    """The name under which DeepSeek served V3 and later V4 without thinking; retired."""

    NAME = "deepseek-deepseek-chat"
    MODEL_ID = "deepseek-chat"
    DISPLAY_NAME = "DeepSeek Chat"
    FAMILY = "deepseek-v3"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.28", "0.42", cache_read="0.028")  # litellm; genai-prices: 0.27 and 1.10, of 2025
    DEFAULT_REASONING_EFFORT = "none"
    RETIRED = date(2026, 7, 24)
    REPLACEMENT = "deepseek-flash"
