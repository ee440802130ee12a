"""What is known of GPT-5 on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import WEB_SEARCH_USD_PER_THOUSAND, GPT5FamilyMetadata
from core.llms.types.prices import Prices


class GPT5Metadata(GPT5FamilyMetadata):
    """GPT-5: always reasons, sees images."""

    NAME = "azure-gpt-5"
    MODEL_ID = "gpt-5"
    DISPLAY_NAME = "GPT-5"
    ALIASES = ("gpt-5-2025-08-07",)
    CONTEXT_WINDOW = 400_000
    MAX_INPUT_TOKENS = 272_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of(
        "1.25",
        "10",
        cache_read="0.125",  # models.dev: 0.13
        service_tiers={"priority": Prices.of("2.50", "20", cache_read="0.25")},
        server_tool_usd_per_thousand=WEB_SEARCH_USD_PER_THOUSAND,
    )
    KNOWLEDGE_CUTOFF = date(2024, 9, 30)
    RELEASED = date(2025, 8, 7)
    RETIRED = date(2027, 2, 9)  # Microsoft's schedule of 2026-07-07: 2027-02-06
