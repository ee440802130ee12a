"""What Cohere's models have in common, family by family: parameters, capabilities and sources. No figure of a model."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released, prices of newer models)",
    date(2026, 9, 30),
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools; limits and prices of vectors)", date(2026, 11, 12))
COHERE_SDK: Final = Source("cohere 7.3 (parameters, thinking, structured answers)", date(2026, 11, 21))

CHAT_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_TOP_K,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_LOGPROBS,
    }
)
TEXT_CHAT: Final = capabilities(
    Capability.FILES,
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.JSON_MODE,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
)
# `none` turns thinking off, the others are budgets (the wire's table); thinking is on by default.
EFFORTS: Final = ("none", "minimal", "low", "medium", "high")


class ChatMetadata(BaseMetadata):
    """A model of text. Its files are documents of text or JSON."""

    PROVIDER = "cohere"
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = TEXT_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, COHERE_SDK)


class ReasoningMetadata(ChatMetadata):
    """A model that thinks, unless it is told not to, and takes sampling parameters all the same."""

    SUPPORTED_PARAMS = CHAT_PARAMS | {names.PARAM_REASONING_EFFORT}
    REASONING_EFFORTS = EFFORTS
    DEFAULT_REASONING_EFFORT = "high"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**TEXT_CHAT, Capability.REASONING: True}


class VisionMetadata(ChatMetadata):
    """A model that sees images and takes no tools."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {
        **TEXT_CHAT,
        Capability.VISION: True,
        Capability.TOOLS: False,
        Capability.PARALLEL_TOOLS: False,
    }


class VisionReasoningMetadata(ReasoningMetadata):
    """A model that thinks and sees images."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**ReasoningMetadata.CAPABILITIES, Capability.VISION: True}


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "cohere"
    FAMILY = "embed"
    SUPPORTED_PARAMS: ClassVar[Set[str]] = frozenset()
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {c: c is Capability.EMBEDDINGS for c in Capability}
    SOURCES: ClassVar[tuple[Source, ...]] = (GENAI_PRICES, LITELLM)
