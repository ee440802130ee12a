"""What is known of o4-mini on Azure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar

from core.llms.providers.azure.models._families import (
    REASONING_CHAT,
    WEB_SEARCH_USD_PER_THOUSAND,
    AlwaysReasoningMetadata,
)
from core.llms.providers.base.metadata import Capability
from core.llms.types.parameters import PARAM_PARALLEL_TOOL_CALLS, PARAM_STOP, PARAM_VERBOSITY
from core.llms.types.prices import Prices


class O4MiniMetadata(AlwaysReasoningMetadata):
    """o4-mini: small, always reasons, sees images; one tool call at a time, no stop sequences; retired."""

    NAME = "azure-o4-mini"
    MODEL_ID = "o4-mini"
    DISPLAY_NAME = "o4-mini"
    ALIASES = ("o4-mini-2025-04-16",)
    FAMILY = "o-series"
    CONTEXT_WINDOW = 200_000
    MAX_TOKENS = 100_000
    PRICES = Prices.of("1.10", "4.40", cache_read="0.275", server_tool_usd_per_thousand=WEB_SEARCH_USD_PER_THOUSAND)
    REASONING_EFFORTS = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    SUPPORTED_PARAMS: ClassVar[Set[str]] = AlwaysReasoningMetadata.SUPPORTED_PARAMS - {
        PARAM_STOP,
        PARAM_PARALLEL_TOOL_CALLS,
        PARAM_VERBOSITY,
    }
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**REASONING_CHAT, Capability.PARALLEL_TOOLS: False}
    KNOWLEDGE_CUTOFF = date(2024, 5, 31)
    RELEASED = date(2025, 4, 16)
    RETIRED = date(2026, 11, 19)  # Microsoft's schedule of 2026-07-07: 2026-10-16
