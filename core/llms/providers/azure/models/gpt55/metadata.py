"""What is known of GPT-5.5 on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import WEB_SEARCH_USD_PER_THOUSAND, ReasoningMetadata
from core.llms.types.prices import Prices, PriceTier

_PRIORITY = Prices.of(
    "12.50", "75", cache_read="1.25", tiers=(PriceTier(272_000, Prices.of("20", "90", cache_read="2")),)
)


class GPT55Metadata(ReasoningMetadata):
    """GPT-5.5: reasons by default, sees images, one million tokens of context."""

    NAME = "azure-gpt-5.5"
    MODEL_ID = "gpt-5.5"
    DISPLAY_NAME = "GPT-5.5"
    ALIASES = ("gpt-5.5-2026-04-23", "gpt-5.5-2026-04-24")
    FAMILY = "gpt-5.5"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    # litellm prices the prompt of flex, too (2.50), but not its answer, so that its cost is not known.
    PRICES = Prices.of(
        "5",
        "30",
        cache_read="0.50",
        tiers=(PriceTier(272_000, Prices.of("10", "45", cache_read="1")),),
        service_tiers={"priority": _PRIORITY},
        server_tool_usd_per_thousand=WEB_SEARCH_USD_PER_THOUSAND,
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh")
    DEFAULT_REASONING_EFFORT = "medium"
    KNOWLEDGE_CUTOFF = date(2025, 12, 1)
    RELEASED = date(2026, 4, 24)
    RETIRED = date(2027, 10, 26)  # Microsoft's schedule of 2026-07-07: 2027-04-23
