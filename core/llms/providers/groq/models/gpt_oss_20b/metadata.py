"""What is known of GPT OSS 20B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import GptOssMetadata
from core.llms.types.prices import Prices


class GptOss20BMetadata(GptOssMetadata):
    """GPT OSS 20B on Groq."""

    NAME = "groq-openai/gpt-oss-20b"
    MODEL_ID = "openai/gpt-oss-20b"
    DISPLAY_NAME = "GPT OSS 20B"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 65_536
    PRICES = Prices.of("0.075", "0.30", cache_read="0.0375")
    RELEASED = date(2025, 8, 5)
