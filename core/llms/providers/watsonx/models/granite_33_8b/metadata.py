"""What is known of Granite 3.3 8B."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import Source
from core.llms.providers.watsonx.models._families import LIFECYCLE, LITELLM, WATSONX_SDK, ChatMetadata
from core.llms.types.prices import Prices


class Granite338BMetadata(ChatMetadata):
    """ibm/granite-3-3-8b-instruct; retired. The limits are litellm's, and narrower than the model's own."""

    NAME = "watsonx-ibm/granite-3-3-8b-instruct"
    MODEL_ID = "ibm/granite-3-3-8b-instruct"
    DISPLAY_NAME = "Granite 3.3 8B"
    FAMILY = "granite"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.20", "0.20")
    DEPRECATED = date(2025, 11, 24)
    RETIRED = date(2026, 2, 22)
    REPLACEMENT = "ibm/granite-4-h-small"
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, WATSONX_SDK, LIFECYCLE)
