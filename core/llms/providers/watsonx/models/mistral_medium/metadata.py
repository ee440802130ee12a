"""What is known of Mistral Medium 3."""

from __future__ import annotations

from core.llms.providers.watsonx.models._families import VisionMetadata
from core.llms.types.prices import Prices


class MistralMediumMetadata(VisionMetadata):
    """mistralai/mistral-medium-2505. litellm alone lists it here; that it sees models.dev says of other hosts."""

    NAME = "watsonx-mistralai/mistral-medium-2505"
    MODEL_ID = "mistralai/mistral-medium-2505"
    DISPLAY_NAME = "Mistral Medium 3"
    FAMILY = "mistral-medium"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 128_000
    PRICES = Prices.of("3", "10")
