"""What is known of GPT OSS 120B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cerebras.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class GptOss120BMetadata(ReasoningMetadata):
    """GPT OSS 120B on Cerebras: always reasons."""

    NAME = "cerebras-gpt-oss-120b"
    MODEL_ID = "gpt-oss-120b"
    DISPLAY_NAME = "GPT OSS 120B"
    FAMILY = "gpt-oss"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 40_960
    PRICES = Prices.of("0.35", "0.75")
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2025, 8, 5)
