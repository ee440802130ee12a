"""What is known of Qwen2.5 Coder 32B Instruct."""

from __future__ import annotations

from datetime import date

from core.llms.providers.together.models._families import RetiredMetadata
from core.llms.types.prices import Prices


class Qwen25Coder32BMetadata(RetiredMetadata):
    """Qwen2.5 Coder 32B on Together AI."""

    NAME = "together-Qwen/Qwen2.5-Coder-32B-Instruct"
    MODEL_ID = "Qwen/Qwen2.5-Coder-32B-Instruct"
    DISPLAY_NAME = "Qwen2.5 Coder 32B Instruct"
    FAMILY = "qwen"
    CONTEXT_WINDOW = 16_384
    MAX_TOKENS = 16_384
    PRICES = Prices.of("0.80", "0.80")
    RETIRED = date(2025, 11, 13)
    REPLACEMENT = "deepseek-ai/DeepSeek-V4.1-Flash"
