"""What Gemini models have in common, generation by generation: parameters, capabilities, and the rules of prices.

No figure of a single model lives here: those are in the model's own room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source
from core.llms.types import parameters as names
from core.llms.types.prices import PriceChange, Prices, PriceTier

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source(
    "litellm 1.109.1 (limits, tools, caching, sampling, prices of tiers, retired)", date(2026, 11, 12)
)
DEPRECATIONS: Final = Source("Google's deprecations page, at second hand (retired, replacement)", date(2026, 11, 10))
GUIDES: Final = Source("Google's model guides, in stored copies (reasoning, limits)", date(2026, 11, 21))

CAPABILITIES: Final[Mapping[Capability, bool]] = {
    Capability.VISION: True,
    Capability.FILES: True,
    Capability.AUDIO_INPUT: True,
    Capability.AUDIO_OUTPUT: False,
    Capability.TOOLS: True,
    Capability.PARALLEL_TOOLS: True,
    Capability.STRUCTURED_OUTPUT: True,
    Capability.JSON_MODE: True,
    Capability.REASONING: True,
    Capability.STREAMING: True,
    Capability.SYSTEM_MESSAGES: True,
    Capability.PROMPT_CACHING: True,
    Capability.EMBEDDINGS: False,
}
COMMON: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_N,
        names.PARAM_REASONING_EFFORT,
        names.PARAM_REASONING_SUMMARY,
        names.PARAM_SERVICE_TIER,
        names.PARAM_STORE,
        names.PARAM_METADATA,
    }
)
SAMPLING: Final = frozenset(
    {
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_TOP_K,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_LOGPROBS,
        names.PARAM_TOP_LOGPROBS,
    }
)


# litellm 1.109.1 (2026-11-12), of the models from 3.1 Flash-Lite on.
REGIONAL: Final = Decimal("1.1")


class GeminiMetadata(BaseMetadata):
    """A model that thinks by levels, always, and takes sampling parameters all the same (Gemini 3 to 3.5 Flash).

    `THINKING_BUDGETS` is None; a model with budgets has its smallest and largest there. `REGIONAL_UPLIFT`
    multiplies the prices on Vertex AI at every location but `global`.
    """

    PROVIDER = "google"
    FAMILY = "gemini-3"
    SUPPORTED_PARAMS = COMMON | SAMPLING
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "always"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = CAPABILITIES
    THINKING_BUDGETS: ClassVar[tuple[int, int] | None] = None
    REGIONAL_UPLIFT: ClassVar[Decimal | None] = None
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, GUIDES)


class UnsampledMetadata(GeminiMetadata):
    """A model of Gemini 3.6 Flash's generation, or later: sampling parameters are a 400.

    So litellm 1.109.1 (2026-11-12) and reports of the vendor's migration guide; models.dev still has a temperature.
    """

    SUPPORTED_PARAMS = COMMON
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    REGIONAL_UPLIFT = REGIONAL


class BudgetMetadata(GeminiMetadata):
    """A model that thinks by a budget of tokens (Gemini 2.5)."""

    FAMILY = "gemini-2.5"


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "google"
    FAMILY = "gemini-embedding"
    SUPPORTED_PARAMS = frozenset()
    SAMPLING = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {c: c is Capability.EMBEDDINGS for c in Capability}
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM)


LONG_PROMPT_TOKENS: Final = 200_000
# A thousand web searches: queries from Gemini 3 on, prompts before (genai-prices 0.2.3, 2026-11-10). What is free each
# month is not taken off.
SEARCH_QUERIES: Final = "14"
SEARCH_PROMPTS: Final = "35"


def prices_by_rule(
    input: str,
    output: str,
    *,
    cache_read: str,
    search: str = SEARCH_QUERIES,
    audio_input: str | None = None,
    long_prompts: bool = False,
    flex_cache: bool = True,
) -> Prices:
    """Make the prices of a model, in USD per million tokens.

    Tier `flex` is half of everything, or (`flex_cache` False) of all but the cache; `priority` is 1.8 times. With
    `long_prompts` a prompt above 200,000 tokens doubles what goes in and adds half to what comes out, for the whole
    call (Google's pricing page as in genai-prices 0.2.3 and litellm 1.109.1, 2026-11-12). Storing an explicit cache,
    which is billed by the hour, is not in here.
    """
    base = Prices.of(input, output, cache_read=cache_read, server_tool_usd_per_thousand=search)
    if audio_input is not None:
        base = replace(base, audio_input=Decimal(audio_input))
    flex = base.scaled("0.5", "0.5")
    if not flex_cache:
        flex = replace(flex, cache_read=base.cache_read)
    tiers = {"flex": flex, "priority": base.scaled("1.8", "1.8")}
    if long_prompts:
        tiers = {name: _with_long_prompts(prices) for name, prices in tiers.items()}
        base = _with_long_prompts(base)
    return replace(base, service_tiers=tiers)


def prices_in_force(introductory: Prices, then: Prices, *, since: date) -> Prices:
    """Make the vendor's introductory prices, and those `since` a day (genai-prices 0.2.3, 2026-11-10)."""
    tiers = {
        name: replace(prices, changes=(PriceChange(since, then.service_tiers[name]),))
        for name, prices in introductory.service_tiers.items()
    }
    return replace(introductory, changes=(PriceChange(since, then),), service_tiers=tiers)


def _with_long_prompts(prices: Prices) -> Prices:
    return replace(prices, tiers=(PriceTier(LONG_PROMPT_TOKENS, prices.scaled("2", "1.5")),))
