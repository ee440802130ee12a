"""What is known of Claude Sonnet 5.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import FixedSamplingMetadata
from core.llms.types.prices import Prices


class ClaudeSonnet55Metadata(FixedSamplingMetadata):
    """Claude Sonnet 5.5 on OpenRouter."""

    NAME = "openrouter-anthropic/claude-sonnet-5.5"
    MODEL_ID = "anthropic/claude-sonnet-5.5"
    DISPLAY_NAME = "Claude Sonnet 5.5"
    FAMILY = "claude-sonnet"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 128_000
    # models.dev: cache_read 0.20
    PRICES = Prices.of("2", "10", cache_read="0.10", cache_write="2.50", cache_write_1h="4")
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh", "max")
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 28)
