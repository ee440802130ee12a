"""What is known of Qwen2.5 Coder 32B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.openrouter.models._families import TextMetadata
from core.llms.types.prices import Prices


class Qwen25Coder32BMetadata(TextMetadata):
    """Qwen2.5 Coder 32B on OpenRouter: writes code, calls no tools."""

    NAME = "openrouter-qwen/qwen-2.5-coder-32b-instruct"
    MODEL_ID = "qwen/qwen-2.5-coder-32b-instruct"
    DISPLAY_NAME = "Qwen2.5 Coder 32B"
    FAMILY = "qwen2.5-coder"
    CONTEXT_WINDOW = 32_768
    MAX_TOKENS = 29_491
    PRICES = Prices.of("0.66", "1")
    KNOWLEDGE_CUTOFF = date(2024, 6, 30)
    RELEASED = date(2024, 11, 11)
