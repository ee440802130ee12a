"""What Cerebras's models have in common: parameters, capabilities and sources. No figure of one model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices, retired)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools, limits, retired)", date(2026, 11, 12))
SDK: Final = Source("cerebras-cloud-sdk 1.91.0 (parameters, reasoning)", date(2026, 11, 21))
SUCCESSORS: Final = Source("the nearest of today's models, by size and family (replacement)", date(2026, 11, 21))

CHAT_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_N,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_LOGPROBS,
        names.PARAM_TOP_LOGPROBS,
        names.PARAM_LOGIT_BIAS,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_SERVICE_TIER,
        names.PARAM_PROMPT_CACHE_KEY,
    }
)
_CHAT: Final = capabilities(
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.JSON_MODE,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
)
_REASONING: Final[Mapping[Capability, bool]] = {**_CHAT, Capability.REASONING: True}
VISION_REASONING: Final[Mapping[Capability, bool]] = {
    **_REASONING,
    Capability.VISION: True,
    Capability.PROMPT_CACHING: True,
}


class ReasoningMetadata(BaseMetadata):
    """A model that reasons, and takes sampling parameters all the same."""

    PROVIDER = "cerebras"
    SUPPORTED_PARAMS = CHAT_PARAMS | {names.PARAM_REASONING_EFFORT}
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _REASONING
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, SDK)


class RetiredReasoningMetadata(ReasoningMetadata):
    """The same, no longer served."""

    SOURCES: ClassVar[tuple[Source, ...]] = (GENAI_PRICES, LITELLM, SDK, SUCCESSORS)


class RetiredChatMetadata(BaseMetadata):
    """A model that did not reason, no longer served."""

    PROVIDER = "cerebras"
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (GENAI_PRICES, LITELLM, SDK, SUCCESSORS)
