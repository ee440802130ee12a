"""What is known of Ministral 3 8B."""

from __future__ import annotations

from core.llms.providers.mistral.models._families import VisionMetadata
from core.llms.types.prices import Prices


class Ministral8BMetadata(VisionMetadata):
    """Ministral 3 8B: small, sees images."""

    NAME = "mistral-ministral-8b-2512"
    MODEL_ID = "ministral-8b-2512"
    DISPLAY_NAME = "Ministral 3 8B"
    FAMILY = "ministral"
    CONTEXT_WINDOW = 262_144
    MAX_TOKENS = 262_144
    PRICES = Prices.of("0.15", "0.15", cache_read="0.015")
