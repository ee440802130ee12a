"""What models on OpenRouter have in common: parameters, capabilities, sources. No figure of a single model lives here.

Prices are those of OpenRouter's own list; they serve budgets, since an answer says what it cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names
from core.llms.types.parameters import SAMPLING_PARAMS

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
PI_AI: Final = Source("pi-ai 1.5.2 (temperature, reasoning)", date(2026, 11, 10))
OPENROUTER_SDK: Final = Source("openrouter 1.3.84 (parameters)", date(2026, 11, 21))

COMMON: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_METADATA,
        names.PARAM_PROMPT_CACHE_KEY,
        names.PARAM_SERVICE_TIER,
    }
)
REASONING: Final = frozenset({names.PARAM_REASONING_EFFORT, names.PARAM_REASONING_SUMMARY})
TEXT: Final = capabilities(Capability.STREAMING, Capability.SYSTEM_MESSAGES)
TOOLS: Final[Mapping[Capability, bool]] = {
    **TEXT,
    Capability.TOOLS: True,
    Capability.PARALLEL_TOOLS: True,
    Capability.STRUCTURED_OUTPUT: True,
    Capability.JSON_MODE: True,
    Capability.PROMPT_CACHING: True,
}


class TextMetadata(BaseMetadata):
    """A model that writes, and does nothing else."""

    PROVIDER = "openrouter"
    SUPPORTED_PARAMS = COMMON | SAMPLING_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = TEXT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, PI_AI, OPENROUTER_SDK)


class ToolMetadata(TextMetadata):
    """A model that calls tools and keeps to schemas."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = TOOLS


class ReasoningMetadata(ToolMetadata):
    """A model that reasons, and takes sampling parameters all the same."""

    SUPPORTED_PARAMS = COMMON | SAMPLING_PARAMS | REASONING
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**TOOLS, Capability.REASONING: True}


class VisionReasoningMetadata(ReasoningMetadata):
    """A model that sees images, too."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**ReasoningMetadata.CAPABILITIES, Capability.VISION: True}


class DocumentReasoningMetadata(VisionReasoningMetadata):
    """A model that reads PDFs, too."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {
        **VisionReasoningMetadata.CAPABILITIES,
        Capability.FILES: True,
    }


class FixedSamplingMetadata(DocumentReasoningMetadata):
    """A model that takes no sampling parameters."""

    SUPPORTED_PARAMS = COMMON | REASONING
    SAMPLING = "never"
