"""What is known of Llama 3.3 70B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.cerebras.models._families import RetiredChatMetadata
from core.llms.types.prices import Prices


class Llama3370BMetadata(RetiredChatMetadata):
    """Llama 3.3 70B on Cerebras."""

    NAME = "cerebras-llama-3.3-70b"
    MODEL_ID = "llama-3.3-70b"
    DISPLAY_NAME = "Llama 3.3 70B"
    FAMILY = "llama"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of("0.85", "1.20")
    RETIRED = date(2026, 2, 16)
    REPLACEMENT = "gpt-oss-120b"
