"""What DeepSeek's models have in common: parameters, capabilities, the hours of its prices, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.providers.base.parameter_checks import check_value
from core.llms.types import parameters as names
from core.llms.types.prices import Prices, PriceWindow

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, cutoff, released, deprecated)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices, replacement)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools, caching, retired, weekdays of prices, limits)", date(2026, 11, 12))
THINKING_MODE: Final = Source('DeepSeek\'s "Thinking Mode" guide (reasoning, sampling)', date(2026, 11, 21))

_LOGPROBS: Final = frozenset({names.PARAM_LOGPROBS, names.PARAM_TOP_LOGPROBS})
_WORKING_DAYS: Final = (0, 1, 2, 3, 4)


def prices_by_hour(input: str, output: str, *, cache_read: str) -> Prices:
    """Make prices that double from 01:00 to 04:00 and from 06:00 to 10:00 UTC, from Monday to Friday."""
    base = Prices.of(input, output, cache_read=cache_read)
    peak = base.scaled(2, 2)
    return replace(base, windows=(PriceWindow(1, 4, peak, _WORKING_DAYS), PriceWindow(6, 10, peak, _WORKING_DAYS)))


class DeepSeekMetadata(BaseMetadata):
    """A model that thinks unless `reasoning_effort` is `none`.

    While it thinks, DeepSeek takes sampling parameters and leaves them without effect: here they are refused, log
    probabilities apart, which it then gives (recorded 2026). `response_format` has no schemas ("JSON Output"), though
    models.dev and litellm say otherwise.
    """

    PROVIDER = "deepseek"
    SUPPORTED_PARAMS = frozenset(
        {
            names.PARAM_MAX_TOKENS,
            names.PARAM_TEMPERATURE,
            names.PARAM_TOP_P,
            names.PARAM_STOP,
            names.PARAM_FREQUENCY_PENALTY,
            names.PARAM_PRESENCE_PENALTY,
            names.PARAM_REASONING_EFFORT,
        }
        | _LOGPROBS
    )
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "unless_reasoning"
    REASONING_EFFORTS = ("none", "low", "high", "max")
    DEFAULT_REASONING_EFFORT = "high"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(
        Capability.TOOLS,
        Capability.PARALLEL_TOOLS,
        Capability.JSON_MODE,
        Capability.REASONING,
        Capability.STREAMING,
        Capability.SYSTEM_MESSAGES,
        Capability.PROMPT_CACHING,
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, THINKING_MODE)

    @classmethod
    def refusal_of(cls, name: str, value: Any, params: Mapping[str, Any]) -> str | None:
        return check_value(name, value) if name in _LOGPROBS else super().refusal_of(name, value, params)


class VisionMetadata(DeepSeekMetadata):
    """A model that sees images, too."""

    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**DeepSeekMetadata.CAPABILITIES, Capability.VISION: True}
