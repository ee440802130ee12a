"""What is known of GPT-4.1 nano on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import ChatMetadata
from core.llms.types.prices import Prices


class GPT41NanoMetadata(ChatMetadata):
    """GPT-4.1 nano: the smallest of its family."""

    NAME = "azure-gpt-4.1-nano"
    MODEL_ID = "gpt-4.1-nano"
    DISPLAY_NAME = "GPT-4.1 nano"
    ALIASES = ("gpt-4.1-nano-2025-04-14",)
    FAMILY = "gpt-4.1"
    CONTEXT_WINDOW = 1_047_576
    MAX_TOKENS = 32_768
    PRICES = Prices.of("0.10", "0.40", cache_read="0.025")
    KNOWLEDGE_CUTOFF = date(2024, 4, 30)
    RELEASED = date(2025, 4, 14)
    RETIRED = date(2027, 4, 14)  # Microsoft's schedule of 2026-07-07: 2026-10-14
