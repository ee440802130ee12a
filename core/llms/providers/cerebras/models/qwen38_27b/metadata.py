"""What is known of Qwen 3.8 27B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cerebras.models._families import VISION_REASONING, ReasoningMetadata
from core.llms.types.prices import Prices


class Qwen3827BMetadata(ReasoningMetadata):
    """Qwen 3.8 27B on Cerebras: sees images; its reasoning can be turned off. The free tier has half of its context."""

    NAME = "cerebras-qwen-3.8-27b"
    MODEL_ID = "qwen-3.8-27b"
    DISPLAY_NAME = "Qwen 3.8 27B"
    FAMILY = "qwen"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 40_960
    PRICES = Prices.of("0.99", "1.49", cache_read="0.99")
    CAPABILITIES = VISION_REASONING
    REASONING_EFFORTS = ("none", "low", "medium", "high")
    RELEASED = date(2026, 8, 14)
