"""What is known of GPT-4o."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import Capability
from core.llms.providers.openai.models._families import VISION_CHAT, ChatMetadata
from core.llms.types.prices import Prices

_PRIORITY = Prices.of("4.25", "17", cache_read="2.125")
_PRIORITY_OF_MAY = Prices.of("8.75", "26.25")


class GPT4oMetadata(ChatMetadata):
    """GPT-4o: sees images, does not reason."""

    NAME = "openai-gpt-4o"
    MODEL_ID = "gpt-4o"
    DISPLAY_NAME = "GPT-4o"
    ALIASES: ClassVar[tuple[str, ...]] = ("gpt-4o-2024-08-06", "gpt-4o-2024-11-20")
    FAMILY = "gpt-4o"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 16_384
    PRICES = Prices.of(
        "2.50",
        "10",
        cache_read="1.25",
        service_tiers={"priority": _PRIORITY, "fast": _PRIORITY},
        server_tool_usd_per_thousand="10",
    )
    KNOWLEDGE_CUTOFF = date(2023, 9, 30)
    RELEASED = date(2024, 5, 13)
    DEPRECATED = date(2026, 10, 14)
    RETIRED = date(2027, 1, 14)
    REPLACEMENT = "gpt-6-luna"


class GPT4o20240513Metadata(GPT4oMetadata):
    """The first snapshot: dearer, shorter answers, no structured output, no caching; retired."""

    NAME = "openai-gpt-4o-2024-05-13"
    MODEL_ID = "gpt-4o-2024-05-13"
    DISPLAY_NAME = "GPT-4o (2024-05-13)"
    ALIASES: ClassVar[tuple[str, ...]] = ()
    MAX_TOKENS = 4_096
    PRICES = Prices.of(
        "5",
        "15",
        service_tiers={"priority": _PRIORITY_OF_MAY, "fast": _PRIORITY_OF_MAY},
        server_tool_usd_per_thousand="10",
    )
    # models.dev: structured output, too; OpenAI made it for gpt-4o-2024-08-06. litellm: caching, too, without a price.
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {
        **VISION_CHAT,
        Capability.STRUCTURED_OUTPUT: False,
        Capability.PROMPT_CACHING: False,
    }
    DEPRECATED = date(2026, 4, 22)
    RETIRED = date(2026, 10, 23)
    REPLACEMENT = "gpt-5.6-sol"
