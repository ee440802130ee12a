"""What Groq's models have in common, family by family: parameters, capabilities and sources. No figure of one model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools, caching)", date(2026, 11, 12))
LITELLM_OLD: Final = Source("litellm's price list of 2025, at second hand (limits, tools)", date(2026, 11, 21))
GROQ_SDK: Final = Source("groq 1.7.0 (parameters, reasoning)", date(2026, 11, 21))
DEPRECATIONS: Final = Source(
    "Groq's deprecations page, at second hand (deprecated, retired, replacement)", date(2026, 11, 21)
)

# Penalties, logprobs, logit_bias, metadata and store are "not yet supported", and `n` must be 1 (groq 1.7.0).
CHAT_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_SERVICE_TIER,
    }
)
TEXT_CHAT: Final = capabilities(
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.JSON_MODE,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
)


class ChatMetadata(BaseMetadata):
    """A model that does not reason and has no strict schemas."""

    PROVIDER = "groq"
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = TEXT_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, GROQ_SDK, DEPRECATIONS)


class FirstGenerationMetadata(ChatMetadata):
    """A model of 2024, retired in 2025."""

    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM_OLD, GENAI_PRICES, GROQ_SDK, DEPRECATIONS)


class ReasoningMetadata(ChatMetadata):
    """A model that reasons, and takes sampling parameters all the same."""

    SUPPORTED_PARAMS = CHAT_PARAMS | {names.PARAM_REASONING_EFFORT}
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {
        **TEXT_CHAT,
        Capability.STRUCTURED_OUTPUT: True,
        Capability.REASONING: True,
    }
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, GROQ_SDK)


class GptOssMetadata(ReasoningMetadata):
    """OpenAI's open models: three efforts, `medium` by default, never off."""

    FAMILY = "gpt-oss"
    REASONING_EFFORTS = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {
        **ReasoningMetadata.CAPABILITIES,
        Capability.PROMPT_CACHING: True,
    }


class VisionReasoningMetadata(ReasoningMetadata):
    """A model that reasons and sees images."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**ReasoningMetadata.CAPABILITIES, Capability.VISION: True}
