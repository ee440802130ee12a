"""What Together's models have in common: parameters, capabilities and sources. No figure of one model."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (limits, prices, retired)", date(2026, 11, 12))
SDK: Final = Source("together 3.1.1 (parameters)", date(2026, 11, 21))
EMBEDDING_FACTS: Final = Source("litellm 1.109.1 (limits, prices)", date(2026, 11, 12))
PRICE_BY_SIZE: Final = Source("litellm 1.109.1, together-ai-embedding-151m-to-350m (prices)", date(2026, 11, 12))
MODEL_CARD: Final = Source("the model's page at OpenRouter (limits)", date(2026, 11, 28))
SUCCESSORS: Final = Source("the nearest of today's models (replacement)", date(2026, 11, 21))

UNSAMPLED_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_N,
        names.PARAM_REASONING_EFFORT,
    }
)
CHAT_PARAMS: Final = (UNSAMPLED_PARAMS - {names.PARAM_REASONING_EFFORT}) | {
    names.PARAM_TEMPERATURE,
    names.PARAM_TOP_P,
    names.PARAM_TOP_K,
    names.PARAM_FREQUENCY_PENALTY,
    names.PARAM_PRESENCE_PENALTY,
    names.PARAM_LOGPROBS,
    names.PARAM_TOP_LOGPROBS,
    names.PARAM_LOGIT_BIAS,
}
_CHAT: Final = capabilities(
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.JSON_MODE,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
)
_REASONING: Final[Mapping[Capability, bool]] = {**_CHAT, Capability.REASONING: True}
CACHING_REASONING: Final[Mapping[Capability, bool]] = {**_REASONING, Capability.PROMPT_CACHING: True}
CACHING_VISION_REASONING: Final[Mapping[Capability, bool]] = {**CACHING_REASONING, Capability.VISION: True}


class ChatMetadata(BaseMetadata):
    """A model that does not reason."""

    PROVIDER = "together"
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = CHAT_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, SDK)


class ReasoningMetadata(ChatMetadata):
    """A model that reasons."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = CHAT_PARAMS | {names.PARAM_REASONING_EFFORT}
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "always"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _REASONING


class RetiredMetadata(ChatMetadata):
    """A model that is no longer served without a server of one's own."""

    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, SDK, SUCCESSORS)


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "together"
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = frozenset()
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
    SOURCES: ClassVar[tuple[Source, ...]] = (EMBEDDING_FACTS,)
