"""What is known of GPT-3.5 Turbo."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from core.llms.providers.openai.models._families import LEGACY_CHAT, ChatMetadata
from core.llms.types.prices import Prices


class GPT35TurboMetadata(ChatMetadata):
    """GPT-3.5 Turbo: text only, retired."""

    NAME = "openai-gpt-3.5-turbo"
    MODEL_ID = "gpt-3.5-turbo"
    DISPLAY_NAME = "GPT-3.5 Turbo"
    ALIASES: ClassVar[tuple[str, ...]] = ("gpt-3.5-turbo-0125",)
    FAMILY = "gpt-3.5"
    CONTEXT_WINDOW = 16_385
    MAX_TOKENS = 4_096
    PRICES = Prices.of("0.50", "1.50")
    # models.dev: takes no tools; litellm: takes them, also several at a time.
    CAPABILITIES = LEGACY_CHAT
    KNOWLEDGE_CUTOFF = date(2021, 9, 1)
    RELEASED = date(2023, 3, 1)
    DEPRECATED: ClassVar[date | None] = date(2026, 4, 22)
    RETIRED = date(2026, 10, 23)
    REPLACEMENT = "gpt-5.6-terra"


class GPT35Turbo1106Metadata(GPT35TurboMetadata):
    """The snapshot of November 2023, which cost more and was retired first."""

    NAME = "openai-gpt-3.5-turbo-1106"
    MODEL_ID = "gpt-3.5-turbo-1106"
    DISPLAY_NAME = "GPT-3.5 Turbo (1106)"
    ALIASES: ClassVar[tuple[str, ...]] = ()
    PRICES = Prices.of("1", "2")
    RELEASED = date(2023, 11, 6)
    DEPRECATED: ClassVar[date | None] = None
    RETIRED = date(2026, 9, 28)
