"""What is known of Mistral Medium 3.5."""

from __future__ import annotations

from datetime import date

from core.llms.providers.mistral.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class Medium35Metadata(ReasoningMetadata):
    """Mistral Medium 3.5: reasons when asked to."""

    NAME = "mistral-mistral-medium-2604"
    MODEL_ID = "mistral-medium-2604"
    DISPLAY_NAME = "Mistral Medium 3.5"
    ALIASES = (
        "mistral-medium-3-5",
        "mistral-medium-3.5",
        "mistral-medium-latest",
    )
    FAMILY = "mistral-medium"
    CONTEXT_WINDOW = 262_144
    MAX_TOKENS = 262_144
    PRICES = Prices.of("1.50", "7.50", cache_read="0.15")
    REASONING_EFFORTS = ("none", "high")
    RELEASED = date(2026, 4, 29)
