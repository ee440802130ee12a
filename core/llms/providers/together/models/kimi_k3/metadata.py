"""What is known of Kimi K3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.together.models._families import CACHING_VISION_REASONING, UNSAMPLED_PARAMS, ReasoningMetadata
from core.llms.types.prices import Prices


class KimiK3Metadata(ReasoningMetadata):
    """Kimi K3 on Together AI: takes no sampling parameters."""

    NAME = "together-moonshotai/Kimi-K3"
    MODEL_ID = "moonshotai/Kimi-K3"
    DISPLAY_NAME = "Kimi K3"
    FAMILY = "kimi-k3"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 131_072
    PRICES = Prices.of("3", "15", cache_read="0.30")
    CAPABILITIES = CACHING_VISION_REASONING
    SUPPORTED_PARAMS = UNSAMPLED_PARAMS
    SAMPLING = "never"
    REASONING_EFFORTS = ("low", "high", "max")
    RELEASED = date(2026, 7, 16)
