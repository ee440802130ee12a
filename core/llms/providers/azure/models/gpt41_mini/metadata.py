"""What is known of GPT-4.1 mini on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import WEB_SEARCH_USD_PER_THOUSAND, ChatMetadata
from core.llms.types.prices import Prices


class GPT41MiniMetadata(ChatMetadata):
    """GPT-4.1 mini: fast, sees images, does not reason."""

    NAME = "azure-gpt-4.1-mini"
    MODEL_ID = "gpt-4.1-mini"
    DISPLAY_NAME = "GPT-4.1 mini"
    ALIASES = ("gpt-4.1-mini-2025-04-14",)
    FAMILY = "gpt-4.1"
    CONTEXT_WINDOW = 1_047_576
    MAX_TOKENS = 32_768
    PRICES = Prices.of(
        "0.40",
        "1.60",
        cache_read="0.10",
        service_tiers={"priority": Prices.of("0.70", "2.80", cache_read="0.175")},
        server_tool_usd_per_thousand=WEB_SEARCH_USD_PER_THOUSAND,
    )
    KNOWLEDGE_CUTOFF = date(2024, 4, 30)
    RELEASED = date(2025, 4, 14)
    RETIRED = date(2027, 4, 14)  # Microsoft's schedule of 2026-07-07: 2026-10-14
