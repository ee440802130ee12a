"""What the models at watsonx.ai have in common: parameters, capabilities and sources. No figure of one model."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, tools, reasoning, cutoff, released)", date(2026, 9, 30)
)
LITELLM: Final = Source("litellm 1.109.1 (prices, limits, tools)", date(2026, 11, 12))
WATSONX_SDK: Final = Source("ibm-watsonx-ai 1.8.1 (parameters)", date(2026, 11, 28))
LIFECYCLE: Final = Source(
    "watsonx.ai's own warnings in answers, as others quote them (deprecated, retired, replacement)", date(2026, 11, 28)
)
ASSISTANT: Final = Source(
    'IBM, "Deprecated and withdrawn models" of watsonx Assistant, of 2025-06-09 (deprecated, retired)',
    date(2026, 11, 28),
)
CHOOSING: Final = Source('IBM, "Choosing a foundation model in watsonx.ai" (the wire)', date(2026, 11, 28))

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
    }
)
TEXT_CHAT: Final = capabilities(
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.JSON_MODE,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
)


class ChatMetadata(BaseMetadata):
    """A model of text that calls tools."""

    PROVIDER = "watsonx"
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = TEXT_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, LITELLM, WATSONX_SDK)


class VisionMetadata(ChatMetadata):
    """A model that sees images, too."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**TEXT_CHAT, Capability.VISION: True}


class FirstGenerationMetadata(BaseMetadata):
    """A Granite model of 2023, which goes on with one prompt: IBM lists the instructed one for generation alone.

    Granite 3.3, which IBM named instead of it, was replaced in turn.
    """

    PROVIDER = "watsonx"
    FAMILY = "granite"
    WIRE = "generation"
    SUPPORTED_PARAMS: ClassVar[Set[str]] = frozenset(
        {
            names.PARAM_MAX_TOKENS,
            names.PARAM_TEMPERATURE,
            names.PARAM_TOP_P,
            names.PARAM_TOP_K,
            names.PARAM_STOP,
            names.PARAM_SEED,
        }
    )
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.STREAMING)
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, WATSONX_SDK, CHOOSING, LIFECYCLE)


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "watsonx"
    SUPPORTED_PARAMS: ClassVar[Set[str]] = frozenset()
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
