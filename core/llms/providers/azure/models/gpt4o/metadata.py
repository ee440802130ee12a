"""What is known of GPT-4o on Azure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from core.llms.providers.azure.models._families import LITELLM, MODELS_DEV, VISION_CHAT, ChatMetadata
from core.llms.providers.base.metadata import Capability, Source
from core.llms.types.prices import Prices


class GPT4oMetadata(ChatMetadata):
    """GPT-4o: sees images, does not reason."""

    NAME = "azure-gpt-4o"
    MODEL_ID = "gpt-4o"
    DISPLAY_NAME = "GPT-4o"
    ALIASES: ClassVar[tuple[str, ...]] = ("gpt-4o-2024-08-06", "gpt-4o-2024-11-20")
    FAMILY = "gpt-4o"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 16_384
    PRICES = Prices.of("2.50", "10", cache_read="1.25")
    KNOWLEDGE_CUTOFF = date(2023, 9, 30)
    RELEASED = date(2024, 5, 13)
    RETIRED = date(2027, 4, 14)  # Microsoft's schedule of 2026-07-07: 2026-10-01
    REPLACEMENT = "gpt-5.1"
    SOURCES = (MODELS_DEV, LITELLM, Source("Microsoft, Model retirement schedule (replacement)", date(2026, 7, 7)))


class GPT4o20240513Metadata(GPT4oMetadata):
    """The first snapshot: dearer, shorter answers, no structured output, no caching."""

    NAME = "azure-gpt-4o-2024-05-13"
    MODEL_ID = "gpt-4o-2024-05-13"
    DISPLAY_NAME = "GPT-4o (2024-05-13)"
    ALIASES: ClassVar[tuple[str, ...]] = ()
    MAX_TOKENS = 4_096
    PRICES = Prices.of("5", "15")
    # litellm: caching, too, without a price.
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {
        **VISION_CHAT,
        Capability.STRUCTURED_OUTPUT: False,
        Capability.PROMPT_CACHING: False,
    }
    RETIRED = date(2026, 12, 9)  # Microsoft's schedule of 2026-07-07: 2026-10-01
