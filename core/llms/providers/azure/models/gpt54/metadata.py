"""What is known of GPT-5.4 on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import ReasoningMetadata
from core.llms.types.prices import Prices, PriceTier

_PRIORITY = Prices.of("5", "30", cache_read="0.50", tiers=(PriceTier(272_000, Prices.of("10", "45", cache_read="1")),))


class GPT54Metadata(ReasoningMetadata):
    """GPT-5.4: reasons on demand, sees images, one million tokens of context."""

    NAME = "azure-gpt-5.4"
    MODEL_ID = "gpt-5.4"
    DISPLAY_NAME = "GPT-5.4"
    ALIASES = ("gpt-5.4-2026-03-05",)
    FAMILY = "gpt-5.4"
    CONTEXT_WINDOW = 1_050_000
    MAX_INPUT_TOKENS = 922_000
    MAX_TOKENS = 128_000
    # litellm prices flex, too (1.25 in, 7.50 out), but not its cached tokens, so that its cost is not known.
    PRICES = Prices.of(
        "2.50",
        "15",
        cache_read="0.25",
        tiers=(PriceTier(272_000, Prices.of("5", "22.50", cache_read="0.50")),),
        service_tiers={"priority": _PRIORITY},
    )
    REASONING_EFFORTS = ("none", "low", "medium", "high", "xhigh")  # litellm: minimal, too
    DEFAULT_REASONING_EFFORT = "none"
    KNOWLEDGE_CUTOFF = date(2025, 8, 31)
    RELEASED = date(2026, 3, 5)
    RETIRED = date(2027, 9, 2)  # Microsoft's schedule of 2026-07-07: 2027-03-05
