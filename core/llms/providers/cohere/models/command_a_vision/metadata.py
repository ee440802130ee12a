"""What is known of Command A Vision."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cohere.models._families import VisionMetadata
from core.llms.types.prices import Prices


class CommandAVisionMetadata(VisionMetadata):
    """command-a-vision-07-2025."""

    NAME = "cohere-command-a-vision-07-2025"
    MODEL_ID = "command-a-vision-07-2025"
    DISPLAY_NAME = "Command A Vision"
    FAMILY = "command-a"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 8_000
    PRICES = Prices.of("2.5", "10")
    KNOWLEDGE_CUTOFF = date(2024, 6, 1)
    RELEASED = date(2025, 7, 31)
