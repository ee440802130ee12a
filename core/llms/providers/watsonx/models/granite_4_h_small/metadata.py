"""What is known of Granite 4 H Small."""

from __future__ import annotations

from datetime import date

from core.llms.providers.watsonx.models._families import ChatMetadata
from core.llms.types.prices import Prices


class Granite4HSmallMetadata(ChatMetadata):
    """ibm/granite-4-h-small."""

    NAME = "watsonx-ibm/granite-4-h-small"
    MODEL_ID = "ibm/granite-4-h-small"
    DISPLAY_NAME = "Granite 4 H Small"
    FAMILY = "granite"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 131_072
    PRICES = Prices.of("0.0636", "0.265")
    RELEASED = date(2025, 10, 2)
