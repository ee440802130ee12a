"""What is known of Command R7B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cohere.models._families import ChatMetadata
from core.llms.types.prices import Prices


class CommandR7BMetadata(ChatMetadata):
    """command-r7b-12-2024."""

    NAME = "cohere-command-r7b-12-2024"
    MODEL_ID = "command-r7b-12-2024"
    DISPLAY_NAME = "Command R7B"
    FAMILY = "command-r"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 4_000
    PRICES = Prices.of("0.0375", "0.15")
    KNOWLEDGE_CUTOFF = date(2024, 6, 1)
    RELEASED = date(2024, 12, 2)
