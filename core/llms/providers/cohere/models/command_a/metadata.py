"""What is known of Command A."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cohere.models._families import ChatMetadata
from core.llms.types.prices import Prices


class CommandAMetadata(ChatMetadata):
    """command-a-03-2025."""

    NAME = "cohere-command-a-03-2025"
    MODEL_ID = "command-a-03-2025"
    DISPLAY_NAME = "Command A"
    FAMILY = "command-a"
    CONTEXT_WINDOW = 256_000
    MAX_TOKENS = 8_000
    PRICES = Prices.of("2.5", "10")
    KNOWLEDGE_CUTOFF = date(2024, 6, 1)
    RELEASED = date(2025, 3, 13)
