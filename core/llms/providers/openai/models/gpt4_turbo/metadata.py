"""What is known of GPT-4 Turbo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import Capability
from core.llms.providers.openai.models._families import LEGACY_CHAT, ChatMetadata
from core.llms.types.prices import Prices


class GPT4TurboMetadata(ChatMetadata):
    """GPT-4 Turbo: sees images, retired."""

    NAME = "openai-gpt-4-turbo"
    MODEL_ID = "gpt-4-turbo"
    DISPLAY_NAME = "GPT-4 Turbo"
    ALIASES = ("gpt-4-turbo-2024-04-09",)
    FAMILY = "gpt-4"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 4_096
    PRICES = Prices.of("10", "30")
    # litellm: takes files, too.
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**LEGACY_CHAT, Capability.VISION: True}
    KNOWLEDGE_CUTOFF = date(2023, 12, 31)
    RELEASED = date(2024, 4, 9)  # the snapshot's date; models.dev: 2023-11-06, as a preview
    DEPRECATED = date(2026, 4, 22)
    RETIRED = date(2026, 10, 23)
    REPLACEMENT = "gpt-5.6-sol"
