"""What is known of Mistral Small 3.1."""

from __future__ import annotations

from datetime import date

from core.llms.providers.watsonx.models._families import VisionMetadata
from core.llms.types.prices import Prices


class MistralSmall31Metadata(VisionMetadata):
    """mistralai/mistral-small-3-1-24b-instruct-2503. That it sees is of models.dev; litellm says no."""

    NAME = "watsonx-mistralai/mistral-small-3-1-24b-instruct-2503"
    MODEL_ID = "mistralai/mistral-small-3-1-24b-instruct-2503"
    DISPLAY_NAME = "Mistral Small 3.1"
    FAMILY = "mistral-small"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 16_384
    PRICES = Prices.of("0.106", "0.318")
    KNOWLEDGE_CUTOFF = date(2024, 6, 1)
    RELEASED = date(2025, 3, 17)
