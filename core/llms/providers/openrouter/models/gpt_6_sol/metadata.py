"""What is known of GPT-6 Sol."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import FixedSamplingMetadata
from core.llms.types.prices import Prices, PriceTier


class Gpt6SolMetadata(FixedSamplingMetadata):
    """GPT-6 Sol on OpenRouter."""

    NAME = "openrouter-openai/gpt-6-sol"
    MODEL_ID = "openai/gpt-6-sol"
    DISPLAY_NAME = "GPT-6 Sol"
    FAMILY = "gpt-6"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of(
        "2",
        "10",
        cache_read="0.20",
        cache_write="2.50",
        tiers=(PriceTier(272_000, Prices.of("4", "15", cache_read="0.40", cache_write="5")),),
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
    KNOWLEDGE_CUTOFF = date(2026, 4, 20)
    RELEASED = date(2026, 9, 22)
