"""What is known of Llama 4 Maverick."""

from __future__ import annotations

from datetime import date

from core.llms.providers.watsonx.models._families import VisionMetadata
from core.llms.types.prices import Prices


class Llama4MaverickMetadata(VisionMetadata):
    """meta-llama/llama-4-maverick-17b-128e-instruct-fp8. That it sees is of models.dev; litellm says no."""

    NAME = "watsonx-meta-llama/llama-4-maverick-17b-128e-instruct-fp8"
    MODEL_ID = "meta-llama/llama-4-maverick-17b-128e-instruct-fp8"
    DISPLAY_NAME = "Llama 4 Maverick"
    FAMILY = "llama"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.371", "1.484")
    KNOWLEDGE_CUTOFF = date(2024, 8, 1)
    RELEASED = date(2025, 4, 5)
