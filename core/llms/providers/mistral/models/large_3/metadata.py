"""What is known of Mistral Large 3."""

from __future__ import annotations

from datetime import date

from core.llms.providers.mistral.models._families import VisionMetadata
from core.llms.types.prices import Prices


class Large3Metadata(VisionMetadata):
    """Mistral Large 3."""

    NAME = "mistral-mistral-large-2512"
    MODEL_ID = "mistral-large-2512"
    DISPLAY_NAME = "Mistral Large 3"
    ALIASES = ("mistral-large-latest",)
    FAMILY = "mistral-large"
    CONTEXT_WINDOW = 262_144
    MAX_TOKENS = 262_144
    PRICES = Prices.of("0.50", "1.50", cache_read="0.05")
    RELEASED = date(2025, 12, 2)
