"""What Mistral's models have in common: parameters, capabilities and sources. No figure of one model lives here."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar, Final

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices, limits)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools, schemas)", date(2026, 11, 12))
PI_AI: Final = Source("pi-ai 1.5.2 (reasoning, limits)", date(2026, 11, 10))
QUOTED: Final = Source("Mistral's documentation, as others quote it (lengths of vectors)", date(2026, 11, 28))
MISTRAL_SDK: Final = Source("mistralai 3.7.0 (parameters)", date(2026, 11, 21))

# `logprobs` exist in the API, and "are not enabled" for the models that were asked (recorded 2026).
CHAT_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_TOP_K,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_N,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_METADATA,
        names.PARAM_PROMPT_CACHE_KEY,
        names.PARAM_SERVICE_TIER,
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
    Capability.PROMPT_CACHING,
)


class ChatMetadata(BaseMetadata):
    """A model that neither sees nor reasons. Documents are read for it by Mistral's OCR."""

    PROVIDER = "mistral"
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = TEXT_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, MISTRAL_SDK, PI_AI)


class VisionMetadata(ChatMetadata):
    """A model that sees images."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**TEXT_CHAT, Capability.VISION: True}


class ReasoningMetadata(VisionMetadata):
    """A model that sees, reasons, and takes sampling parameters all the same."""

    SUPPORTED_PARAMS = CHAT_PARAMS | {names.PARAM_REASONING_EFFORT}
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**VisionMetadata.CAPABILITIES, Capability.REASONING: True}


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "mistral"
    SUPPORTED_PARAMS: ClassVar[Set[str]] = frozenset()
    SAMPLING = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES)
