"""What is known of Granite 13B Chat v2."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import Source
from core.llms.providers.watsonx.models._families import (
    ASSISTANT,
    CHOOSING,
    LIFECYCLE,
    LITELLM,
    WATSONX_SDK,
    FirstGenerationMetadata,
)
from core.llms.types.prices import Prices


class Granite13BChatMetadata(FirstGenerationMetadata):
    """ibm/granite-13b-chat-v2; retired. The dates are those of watsonx Assistant, which says no day of November."""

    NAME = "watsonx-ibm/granite-13b-chat-v2"
    MODEL_ID = "ibm/granite-13b-chat-v2"
    DISPLAY_NAME = "Granite 13B Chat v2"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.60", "0.60")
    DEPRECATED = date(2024, 11, 1)
    RETIRED = date(2025, 1, 19)
    REPLACEMENT = "ibm/granite-4-h-small"
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, WATSONX_SDK, CHOOSING, ASSISTANT, LIFECYCLE)
