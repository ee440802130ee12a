"""What is known of Llama 3.3 70B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.watsonx.models._families import ChatMetadata
from core.llms.types.prices import Prices


class Llama3370BMetadata(ChatMetadata):
    """meta-llama/llama-3-3-70b-instruct. The largest answer is litellm's figure; models.dev says 4,096."""

    NAME = "watsonx-meta-llama/llama-3-3-70b-instruct"
    MODEL_ID = "meta-llama/llama-3-3-70b-instruct"
    DISPLAY_NAME = "Llama 3.3 70B"
    FAMILY = "llama"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 131_072
    PRICES = Prices.of("0.7526", "0.7526")
    KNOWLEDGE_CUTOFF = date(2023, 12, 1)
    RELEASED = date(2024, 12, 6)
