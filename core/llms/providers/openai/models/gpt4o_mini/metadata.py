"""What is known of GPT-4o mini."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openai.models._families import ChatMetadata
from core.llms.types.prices import Prices

_PRIORITY = Prices.of("0.25", "1", cache_read="0.125")


class GPT4oMiniMetadata(ChatMetadata):
    """GPT-4o mini: cheap, sees images, does not reason."""

    NAME = "openai-gpt-4o-mini"
    MODEL_ID = "gpt-4o-mini"
    DISPLAY_NAME = "GPT-4o mini"
    ALIASES = ("gpt-4o-mini-2024-07-18",)
    FAMILY = "gpt-4o"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 16_384
    PRICES = Prices.of(
        "0.15",
        "0.60",
        cache_read="0.075",
        service_tiers={"priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",  # litellm: 25
    )
    KNOWLEDGE_CUTOFF = date(2023, 9, 30)
    RELEASED = date(2024, 7, 18)
    DEPRECATED = date(2026, 10, 14)
    RETIRED = date(2027, 1, 14)
    REPLACEMENT = "gpt-6-luna"
