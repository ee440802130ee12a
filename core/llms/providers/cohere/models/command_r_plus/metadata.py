"""What is known of Command R+."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cohere.models._families import ChatMetadata
from core.llms.types.prices import Prices


class CommandRPlusMetadata(ChatMetadata):
    """command-r-plus-08-2024."""

    NAME = "cohere-command-r-plus-08-2024"
    MODEL_ID = "command-r-plus-08-2024"
    DISPLAY_NAME = "Command R+"
    FAMILY = "command-r"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 4_000
    PRICES = Prices.of("2.5", "10")
    KNOWLEDGE_CUTOFF = date(2024, 6, 1)
    RELEASED = date(2024, 8, 30)
