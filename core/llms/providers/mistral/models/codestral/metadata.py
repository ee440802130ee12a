"""What is known of Codestral 2508."""

from __future__ import annotations

from core.llms.providers.mistral.models._families import ChatMetadata
from core.llms.types.prices import Prices


class CodestralMetadata(ChatMetadata):
    """Codestral 2508: writes code."""

    NAME = "mistral-codestral-2508"
    MODEL_ID = "codestral-2508"
    DISPLAY_NAME = "Codestral 2508"
    ALIASES = ("codestral-latest",)
    FAMILY = "codestral"
    CONTEXT_WINDOW = 256_000
    MAX_TOKENS = 8_192  # models.dev: 4,096; litellm: 128,000
    PRICES = Prices.of("0.30", "0.90", cache_read="0.03")
