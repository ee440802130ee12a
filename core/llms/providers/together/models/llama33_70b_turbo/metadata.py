"""What is known of Llama 3.3 70B Instruct Turbo."""

from __future__ import annotations

from datetime import date

from core.llms.providers.together.models._families import ChatMetadata
from core.llms.types.prices import Prices


class Llama3370BTurboMetadata(ChatMetadata):
    """Llama 3.3 70B Instruct Turbo on Together AI."""

    NAME = "together-meta-llama/Llama-3.3-70B-Instruct-Turbo"
    MODEL_ID = "meta-llama/Llama-3.3-70B-Instruct-Turbo"
    DISPLAY_NAME = "Llama 3.3 70B Instruct Turbo"
    FAMILY = "llama"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 131_072
    PRICES = Prices.of("0.88", "0.88")  # models.dev: 1.04
    KNOWLEDGE_CUTOFF = date(2023, 12, 31)
    RELEASED = date(2024, 12, 6)
