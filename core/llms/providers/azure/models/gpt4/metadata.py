"""What is known of GPT-4 on Azure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from core.llms.providers.azure.models._families import LEGACY_CHAT, LITELLM_ALONE, ChatMetadata
from core.llms.providers.base.metadata import Capability, Source
from core.llms.types.prices import Prices


class GPT4Metadata(ChatMetadata):
    """GPT-4 of June 2023: text only, retired."""

    NAME = "azure-gpt-4"
    MODEL_ID = "gpt-4"
    DISPLAY_NAME = "GPT-4"
    ALIASES = ("gpt-4-0613",)
    FAMILY = "gpt-4"
    CONTEXT_WINDOW = 8_192
    MAX_TOKENS = 4_096
    PRICES = Prices.of("30", "60")
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**LEGACY_CHAT, Capability.JSON_MODE: False}
    RETIRED = date(2025, 6, 6)
    REPLACEMENT = "gpt-4o"
    SOURCES = (LITELLM_ALONE, Source("Microsoft, Retired models (replacement)", date(2026, 4, 23)))
