"""What is known of DeepSeek Reasoner."""

from __future__ import annotations

from datetime import date

from core.llms.providers.deepseek.models._families import DeepSeekMetadata
from core.llms.types.prices import Prices


class ReasonerMetadata(DeepSeekMetadata):
    """The name under which DeepSeek served R1 and later V4 with thinking; retired."""

    NAME = "deepseek-deepseek-reasoner"
    MODEL_ID = "deepseek-reasoner"
    DISPLAY_NAME = "DeepSeek Reasoner"
    FAMILY = "deepseek-v3"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 65_536
    PRICES = Prices.of("0.28", "0.42", cache_read="0.028")  # litellm; genai-prices: 0.55 and 2.19, of 2025
    RETIRED = date(2026, 7, 24)
    REPLACEMENT = "deepseek-flash"
