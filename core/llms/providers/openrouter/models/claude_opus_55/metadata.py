"""What is known of Claude Opus 5.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import FixedSamplingMetadata
from core.llms.types.prices import Prices


class ClaudeOpus55Metadata(FixedSamplingMetadata):
    """Claude Opus 5.5 on OpenRouter."""

    NAME = "openrouter-anthropic/claude-opus-5.5"
    MODEL_ID = "anthropic/claude-opus-5.5"
    DISPLAY_NAME = "Claude Opus 5.5"
    FAMILY = "claude-opus"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of("4", "20", cache_read="0.20", cache_write="5", cache_write_1h="8")
    REASONING_EFFORTS = ("low", "medium", "high", "xhigh", "max")
    KNOWLEDGE_CUTOFF = date(2026, 6, 30)
    RELEASED = date(2026, 9, 22)
