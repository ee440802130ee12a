"""What is known of GPT OSS 120B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.together.models._families import ReasoningMetadata
from core.llms.types.prices import Prices


class GptOss120BMetadata(ReasoningMetadata):
    """GPT OSS 120B on Together AI: always reasons."""

    NAME = "together-openai/gpt-oss-120b"
    MODEL_ID = "openai/gpt-oss-120b"
    DISPLAY_NAME = "GPT OSS 120B"
    FAMILY = "gpt-oss"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 131_072
    PRICES = Prices.of("0.15", "0.60")
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2025, 8, 5)
