"""What is known of GPT-3.5 Turbo on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.azure.models._families import LEGACY_CHAT, ChatMetadata
from core.llms.types.prices import Prices


class GPT35TurboMetadata(ChatMetadata):
    """GPT-3.5 Turbo of January 2024: text only. Azure's own name for it is `gpt-35-turbo`."""

    NAME = "azure-gpt-3.5-turbo"
    MODEL_ID = "gpt-3.5-turbo"
    DISPLAY_NAME = "GPT-3.5 Turbo"
    ALIASES = ("gpt-35-turbo",)
    FAMILY = "gpt-3.5"
    CONTEXT_WINDOW = 16_384  # litellm: 4,097 in
    MAX_TOKENS = 4_096
    PRICES = Prices.of("0.50", "1.50")
    CAPABILITIES = LEGACY_CHAT
    KNOWLEDGE_CUTOFF = date(2021, 8, 31)
    RELEASED = date(2024, 1, 25)
