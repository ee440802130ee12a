"""What is known of Command A+."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cohere.models._families import VisionReasoningMetadata
from core.llms.types.prices import Prices


class CommandAPlusMetadata(VisionReasoningMetadata):
    """command-a-plus-05-2026."""

    NAME = "cohere-command-a-plus-05-2026"
    MODEL_ID = "command-a-plus-05-2026"
    DISPLAY_NAME = "Command A+"
    FAMILY = "command-a"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 64_000
    PRICES = Prices.of("2.5", "10")
    KNOWLEDGE_CUTOFF = date(2025, 4, 1)
    RELEASED = date(2026, 5, 20)
