"""What is known of Kimi K3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import VisionReasoningMetadata
from core.llms.types.prices import Prices


class KimiK3Metadata(VisionReasoningMetadata):
    """Kimi K3 on OpenRouter."""

    NAME = "openrouter-moonshotai/kimi-k3"
    MODEL_ID = "moonshotai/kimi-k3"
    DISPLAY_NAME = "Kimi K3"
    FAMILY = "kimi-k3"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 943_718
    PRICES = Prices.of("3", "15", cache_read="0.30")
    REASONING_EFFORTS = ("none", "low", "high", "max")
    RELEASED = date(2026, 7, 16)
