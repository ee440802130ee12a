"""What is known of GPT-4o mini on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import WEB_SEARCH_USD_PER_THOUSAND, ChatMetadata
from core.llms.types.prices import Prices


class GPT4oMiniMetadata(ChatMetadata):
    """GPT-4o mini: cheap, sees images, does not reason."""

    NAME = "azure-gpt-4o-mini"
    MODEL_ID = "gpt-4o-mini"
    DISPLAY_NAME = "GPT-4o mini"
    ALIASES = ("gpt-4o-mini-2024-07-18",)
    FAMILY = "gpt-4o"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 16_384
    PRICES = Prices.of("0.15", "0.60", cache_read="0.075", server_tool_usd_per_thousand=WEB_SEARCH_USD_PER_THOUSAND)
    KNOWLEDGE_CUTOFF = date(2023, 9, 30)
    RELEASED = date(2024, 7, 18)
    RETIRED = date(2027, 4, 14)  # Microsoft's schedule of 2026-07-07: 2026-10-01
