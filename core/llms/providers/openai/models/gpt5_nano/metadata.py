"""What is known of GPT-5 nano."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import GPT5FamilyMetadata
from core.llms.types.prices import Prices


class GPT5NanoMetadata(GPT5FamilyMetadata):
    """GPT-5 nano: the smallest of its family, always reasons, sees images."""

    NAME = "openai-gpt-5-nano"
    MODEL_ID = "gpt-5-nano"
    DISPLAY_NAME = "GPT-5 nano"
    ALIASES = ("gpt-5-nano-2025-08-07",)
    CONTEXT_WINDOW = 400_000
    MAX_INPUT_TOKENS = 272_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of(
        "0.05",
        "0.40",
        cache_read="0.005",
        service_tiers={"flex": Prices.of("0.025", "0.20", cache_read="0.0025")},
        server_tool_usd_per_thousand="10",
    )
    KNOWLEDGE_CUTOFF = date(2024, 5, 30)
    RELEASED = date(2025, 8, 7)
    DEPRECATED = date(2026, 6, 11)
    RETIRED = date(2026, 12, 11)
    REPLACEMENT = "gpt-5.6-luna"
