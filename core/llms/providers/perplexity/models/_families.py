"""What Perplexity's models have in common: the two APIs, their parameters and capabilities. No figure of one model."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source(
    "genai-prices 0.2.3 (prices, the last that were published; retired, replacement)", date(2026, 11, 10)
)
SDK: Final = Source("perplexityai 0.46.1 (parameters)", date(2026, 11, 21))
EMBEDDINGS_GUIDE: Final = Source('Perplexity\'s "Embeddings" (limits, prices)', date(2026, 11, 28))

# "Sonar Chat Completions support ended on 2026-09-27" (genai-prices 0.2.3); its successor is the Agent API.
SONAR_ENDED: Final = date(2026, 9, 27)

_TEXT: Final = capabilities(Capability.STRUCTURED_OUTPUT, Capability.STREAMING, Capability.SYSTEM_MESSAGES)
VISION: Final[Mapping[Capability, bool]] = {**_TEXT, Capability.VISION: True}
_REASONING: Final[Mapping[Capability, bool]] = {**_TEXT, Capability.REASONING: True}
REASONING_VISION: Final[Mapping[Capability, bool]] = {**VISION, Capability.REASONING: True}
_AGENT: Final = capabilities(
    Capability.TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
    Capability.PROMPT_CACHING,
)
_SONAR_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_TOP_K,
        names.PARAM_STOP,
        names.PARAM_N,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_LOGPROBS,
        names.PARAM_TOP_LOGPROBS,
    }
)


class SonarFamilyMetadata(BaseMetadata):
    """A Sonar model on chat completions, which searches the web before it answers. A request has a fee besides.

    The fee is that of the least searching, `search_context_size` low, which held where nothing was asked for (recorded
    answers of 2025 and 2026); genai-prices has that of the most.
    """

    PROVIDER = "perplexity"
    WIRE = "chat"
    SUPPORTED_PARAMS = _SONAR_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _TEXT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, SDK)


class SonarReasoningFamilyMetadata(SonarFamilyMetadata):
    """A Sonar model that reasons."""

    SUPPORTED_PARAMS = _SONAR_PARAMS | {names.PARAM_REASONING_EFFORT}
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _REASONING


class AgentMetadata(BaseMetadata):
    """A model on the Agent API, which speaks the Responses wire."""

    PROVIDER = "perplexity"
    WIRE = "responses"
    SUPPORTED_PARAMS = frozenset(
        {
            names.PARAM_MAX_TOKENS,
            names.PARAM_TEMPERATURE,
            names.PARAM_TOP_P,
            names.PARAM_SERVICE_TIER,
            names.PARAM_STORE,
            names.PARAM_PROMPT_CACHE_KEY,
            names.PARAM_PREVIOUS_RESPONSE_ID,
        }
    )
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _AGENT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, SDK)


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors, signed bytes each; `/embeddings` is the same beside both APIs."""

    PROVIDER = "perplexity"
    WIRE = "chat"
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = frozenset()
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
    SOURCES: ClassVar[tuple[Source, ...]] = (EMBEDDINGS_GUIDE,)
