"""What is known of GPT-4.1 on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import WEB_SEARCH_USD_PER_THOUSAND, ChatMetadata
from core.llms.types.prices import Prices


class GPT41Metadata(ChatMetadata):
    """GPT-4.1: a long context, sees images, does not reason."""

    NAME = "azure-gpt-4.1"
    MODEL_ID = "gpt-4.1"
    DISPLAY_NAME = "GPT-4.1"
    ALIASES = ("gpt-4.1-2025-04-14",)
    FAMILY = "gpt-4.1"
    CONTEXT_WINDOW = 1_047_576
    MAX_TOKENS = 32_768
    PRICES = Prices.of(
        "2",
        "8",
        cache_read="0.50",
        service_tiers={"priority": Prices.of("3.50", "14", cache_read="0.875")},
        server_tool_usd_per_thousand=WEB_SEARCH_USD_PER_THOUSAND,
    )
    KNOWLEDGE_CUTOFF = date(2024, 4, 30)
    RELEASED = date(2025, 4, 14)
    RETIRED = date(2027, 4, 14)  # Microsoft's schedule of 2026-07-07: 2026-10-14
