"""What is known of Command A Reasoning."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cohere.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class CommandAReasoningMetadata(ReasoningMetadata):
    """command-a-reasoning-08-2025."""

    NAME = "cohere-command-a-reasoning-08-2025"
    MODEL_ID = "command-a-reasoning-08-2025"
    DISPLAY_NAME = "Command A Reasoning"
    FAMILY = "command-a"
    CONTEXT_WINDOW = 256_000
    MAX_TOKENS = 32_000
    PRICES = Prices.of("2.5", "10")
    KNOWLEDGE_CUTOFF = date(2024, 6, 1)
    RELEASED = date(2025, 8, 21)
