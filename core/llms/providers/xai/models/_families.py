"""What xAI's models have in common: wire, parameters, capabilities, the rule of large prompts, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import ClassVar, Final

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names
from core.llms.types.prices import Prices, PriceTier

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools, caching, schemas)", date(2026, 11, 12))
# The larger price holds from 200,000 tokens on, not only above them.
LARGE_PROMPT_TOKENS: Final = 199_999


def prices_by_rule(input: str, output: str, *, cache_read: str) -> Prices:
    """Make prices that double, for the whole call, with a prompt of 200,000 tokens or more."""
    base = Prices.of(input, output, cache_read=cache_read)
    return replace(base, tiers=(PriceTier(LARGE_PROMPT_TOKENS, base.scaled(2, 2)),))


class GrokMetadata(BaseMetadata):
    """A model that reasons and takes temperature all the same.

    `stop` and the penalties are refused by all reasoning models of xAI ("Reasoning", at second hand, 2026-11-21).
    Reasoning comes back in the next turn only on the Responses wire.
    """

    PROVIDER = "xai"
    FAMILY = "grok-4"
    WIRE = "responses"
    SUPPORTED_PARAMS = frozenset(
        {
            names.PARAM_MAX_TOKENS,
            names.PARAM_TEMPERATURE,
            names.PARAM_TOP_P,
            names.PARAM_LOGPROBS,
            names.PARAM_TOP_LOGPROBS,
            names.PARAM_SEED,
            names.PARAM_N,
            names.PARAM_PARALLEL_TOOL_CALLS,
            names.PARAM_REASONING_EFFORT,
            names.PARAM_REASONING_SUMMARY,
            names.PARAM_STORE,
            names.PARAM_PREVIOUS_RESPONSE_ID,
            names.PARAM_PROMPT_CACHE_KEY,
        }
    )
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(
        Capability.VISION,
        Capability.FILES,
        Capability.TOOLS,
        Capability.PARALLEL_TOOLS,
        Capability.STRUCTURED_OUTPUT,
        Capability.JSON_MODE,
        Capability.REASONING,
        Capability.STREAMING,
        Capability.SYSTEM_MESSAGES,
        Capability.PROMPT_CACHING,
    )
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM)
