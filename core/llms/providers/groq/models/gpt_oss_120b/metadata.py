"""What is known of GPT OSS 120B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import GptOssMetadata
from core.llms.types.prices import Prices


class GptOss120BMetadata(GptOssMetadata):
    """GPT OSS 120B on Groq."""

    NAME = "groq-openai/gpt-oss-120b"
    MODEL_ID = "openai/gpt-oss-120b"
    DISPLAY_NAME = "GPT OSS 120B"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 65_536
    PRICES = Prices.of("0.15", "0.60", cache_read="0.075")
    RELEASED = date(2025, 8, 5)
