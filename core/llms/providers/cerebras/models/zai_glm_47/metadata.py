"""What is known of Z.ai GLM 4.7."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cerebras.models._families import RetiredReasoningMetadata
from core.llms.types.prices import Prices


class ZaiGlm47Metadata(RetiredReasoningMetadata):
    """GLM 4.7 on Cerebras."""

    NAME = "cerebras-zai-glm-4.7"
    MODEL_ID = "zai-glm-4.7"
    DISPLAY_NAME = "Z.ai GLM 4.7"
    FAMILY = "glm"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 40_960
    PRICES = Prices.of("2.25", "2.75")
    REASONING_EFFORTS = ("none", "low", "medium", "high")
    RETIRED = date(2026, 8, 17)
    REPLACEMENT = "qwen-3.8-27b"
