"""What is known of GPT-4."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import Capability
from core.llms.providers.openai.models._families import LEGACY_CHAT, ChatMetadata
from core.llms.types.prices import Prices


class GPT4Metadata(ChatMetadata):
    """GPT-4 of June 2023: text only, retired."""

    NAME = "openai-gpt-4"
    MODEL_ID = "gpt-4"
    DISPLAY_NAME = "GPT-4"
    ALIASES = ("gpt-4-0613",)
    FAMILY = "gpt-4"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 8_192  # litellm: 4,096
    PRICES = Prices.of("30", "60")
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {
        **LEGACY_CHAT,
        Capability.JSON_MODE: False,
        Capability.PARALLEL_TOOLS: False,
    }
    # models.dev: released 2023-11-06, the day of GPT-4 Turbo, with a cutoff of that month, later than this snapshot.
    RELEASED = date(2023, 6, 13)
    DEPRECATED = date(2026, 4, 22)
    RETIRED = date(2026, 10, 23)
    REPLACEMENT = "gpt-5.6-sol"
