"""What models in NVIDIA's API catalogue have in common: parameters, capabilities and sources. No figure of one model.

There are no prices: the catalogue is for trials, paid in credits, and a NIM of one's own costs its machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Final

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, released)", date(2026, 9, 30)
)
MODEL_PAGES: Final = Source("build.nvidia.com, the models' own pages (parameters, reasoning)", date(2026, 11, 21))

_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_REASONING_EFFORT,
    }
)
_CAPABILITIES: Final = capabilities(
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.REASONING,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
)


class ReasoningMetadata(BaseMetadata):
    """A model that reasons."""

    PROVIDER = "nvidia"
    SUPPORTED_PARAMS = _PARAMS
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = _CAPABILITIES
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, MODEL_PAGES)


class NemotronMetadata(ReasoningMetadata):
    """A Nemotron: its reasoning is on or off, so every effort but `none` is the same."""

    FAMILY = "nemotron"
    REASONING_EFFORTS = ("none", "low", "medium", "high")
