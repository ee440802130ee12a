"""What is known of GPT-4.1 mini on Azure."""

from __future__ import annotations

from datetime import date

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source
from core.llms.types.prices import Prices
from core.llms.wires.openai_parameters import CHAT_PARAMS


class GPT41MiniMetadata(BaseMetadata):
    """GPT-4.1 mini: fast, sees images, does not reason."""

    NAME = "azure-gpt-4.1-mini"
    MODEL_ID = "gpt-4.1-mini"
    PROVIDER = "azure"
    DISPLAY_NAME = "GPT-4.1 mini"
    ALIASES = ("gpt-4.1-mini-2025-04-14",)
    FAMILY = "gpt-4.1"
    CONTEXT_WINDOW = 1_047_576
    MAX_TOKENS = 32_768
    PRICES = Prices.of("0.40", "1.60", cache_read="0.10", server_tool_usd_per_thousand="10")
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES = {  # noqa: RUF012 - read only
        Capability.VISION: True,
        Capability.FILES: True,
        Capability.AUDIO_INPUT: False,
        Capability.TOOLS: True,
        Capability.PARALLEL_TOOLS: True,
        Capability.STRUCTURED_OUTPUT: True,
        Capability.JSON_MODE: True,
        Capability.REASONING: False,
        Capability.STREAMING: True,
        Capability.SYSTEM_MESSAGES: True,
        Capability.PROMPT_CACHING: True,
        Capability.EMBEDDINGS: False,
    }
    KNOWLEDGE_CUTOFF = date(2024, 4, 30)
    RELEASED = date(2025, 4, 14)
    SOURCES = (
        Source("models.dev, as in opencode 1.18.34 (limits, modalities, dates)", date(2026, 9, 30)),
        Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10)),
    )
