"""What is known of Pixtral Large on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.base.metadata import capabilities
from core.llms.providers.bedrock.models._families import MEDIA, TEXT, MistralMetadata
from core.llms.types.prices import Prices


class PixtralLargeMetadata(MistralMetadata):
    """Pixtral Large."""

    NAME = "bedrock-us.mistral.pixtral-large-2502-v1:0"
    MODEL_ID = "us.mistral.pixtral-large-2502-v1:0"
    DISPLAY_NAME = "Pixtral Large"
    ALIASES = (
        "eu.mistral.pixtral-large-2502-v1:0",
        "mistral.pixtral-large-2502-v1:0",
    )
    PRICES = Prices.of("2", "6")
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 16_384
    CAPABILITIES = capabilities(*TEXT, *MEDIA)
    RELEASED = date(2025, 4, 8)
