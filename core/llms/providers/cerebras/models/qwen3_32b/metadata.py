"""What is known of Qwen 3 32B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cerebras.models._families import RetiredReasoningMetadata
from core.llms.types.prices import Prices


class Qwen332BMetadata(RetiredReasoningMetadata):
    """Qwen 3 32B on Cerebras."""

    NAME = "cerebras-qwen-3-32b"
    MODEL_ID = "qwen-3-32b"
    DISPLAY_NAME = "Qwen 3 32B"
    FAMILY = "qwen"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 128_000
    PRICES = Prices.of("0.40", "0.80")
    REASONING_EFFORTS = ("none", "low", "medium", "high")
    RETIRED = date(2026, 2, 16)
    REPLACEMENT = "qwen-3.8-27b"
