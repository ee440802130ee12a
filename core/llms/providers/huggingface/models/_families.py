"""What models at Hugging Face's router have in common: parameters, capabilities and sources. No figure of one model.

There are no prices: what a call costs depends on the inference provider that the router chooses, or that is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import ClassVar, Final

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
CLIENT: Final = Source("huggingface_hub, ChatCompletionInput (parameters)", date(2026, 11, 21))

_PARAMS: Final = frozenset(
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
VISION_REASONING: Final[Mapping[Capability, bool]] = {**_REASONING, Capability.VISION: True}


class ChatMetadata(BaseMetadata):
    """A model that does not reason. What it takes is what the router knows; an inference provider may take less."""

    PROVIDER = "huggingface"
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = _PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, CLIENT)


class ReasoningMetadata(ChatMetadata):
    """A model that reasons."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = _PARAMS | {names.PARAM_REASONING_EFFORT}
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _REASONING
