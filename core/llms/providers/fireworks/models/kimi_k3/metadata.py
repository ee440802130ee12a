"""What is known of Kimi K3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.fireworks.models._families import UnsampledReasoningMetadata
from core.llms.types.prices import Prices


class KimiK3Metadata(UnsampledReasoningMetadata):
    """Kimi K3 on Fireworks AI: sees images, takes no sampling parameters."""

    NAME = "fireworks-accounts/fireworks/models/kimi-k3"
    MODEL_ID = "accounts/fireworks/models/kimi-k3"
    DISPLAY_NAME = "Kimi K3"
    FAMILY = "kimi-k3"
    CONTEXT_WINDOW = 1_048_576
    MAX_TOKENS = 131_072
    PRICES = Prices.of("3", "15", cache_read="0.30")
    REASONING_EFFORTS = ("none", "low", "medium", "high", "max")
    RELEASED = date(2026, 7, 27)
