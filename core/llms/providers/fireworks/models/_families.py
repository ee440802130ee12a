"""What Fireworks's models have in common: parameters, capabilities and sources. No figure of one model."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (retired)", date(2026, 11, 12))
SDK: Final = Source("fireworks-ai 1.2.30 (parameters)", date(2026, 11, 21))
EMBEDDING_FACTS: Final = Source("litellm 1.109.1 (limits, prices)", date(2026, 11, 12))
GUIDE: Final = Source('Fireworks\'s "Querying embeddings models" (names, `dimensions`)', date(2026, 11, 28))
PAGES: Final = Source(
    "pages of Vercel's gateway and of Agno about the two models (lengths of vectors)", date(2026, 11, 28)
)
SUCCESSORS: Final = Source("the nearest of today's models (replacement)", date(2026, 11, 21))

_UNSAMPLED: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_N,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_REASONING_EFFORT,
        names.PARAM_SERVICE_TIER,
        names.PARAM_METADATA,
        names.PARAM_PROMPT_CACHE_KEY,
    }
)
_SAMPLED: Final = _UNSAMPLED | {
    names.PARAM_TEMPERATURE,
    names.PARAM_TOP_P,
    names.PARAM_TOP_K,
    names.PARAM_FREQUENCY_PENALTY,
    names.PARAM_PRESENCE_PENALTY,
    names.PARAM_LOGPROBS,
    names.PARAM_TOP_LOGPROBS,
    names.PARAM_LOGIT_BIAS,
}
_REASONING: Final = capabilities(
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.JSON_MODE,
    Capability.REASONING,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
    Capability.PROMPT_CACHING,
)
VISION_REASONING: Final[Mapping[Capability, bool]] = {**_REASONING, Capability.VISION: True}


class ReasoningMetadata(BaseMetadata):
    """A model that reasons, and takes sampling parameters all the same."""

    PROVIDER = "fireworks"
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = _SAMPLED
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _REASONING
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, SDK)


class UnsampledReasoningMetadata(ReasoningMetadata):
    """A model that sees and reasons, and takes no sampling parameters."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = _UNSAMPLED
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = VISION_REASONING


class RetiredReasoningMetadata(ReasoningMetadata):
    """A model that reasoned, no longer served without a server of one's own."""

    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, SDK, SUCCESSORS)


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "fireworks"
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = frozenset()
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
    SOURCES: ClassVar[tuple[Source, ...]] = (EMBEDDING_FACTS, GUIDE, PAGES)
