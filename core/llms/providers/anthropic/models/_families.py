"""What Anthropic's models have in common, generation by generation: parameters, thinking, and the rules of prices.

No figure of a single model lives here: those are in the model's own room.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, Literal, TypeAlias

from core.llms.providers.anthropic.metadata import AnthropicMetadata
from core.llms.providers.base.metadata import Capability, Source, capabilities
from core.llms.types.prices import Prices, PriceTier
from core.llms.wires.anthropic_messages.dialect import ThinkingStyle
from core.llms.wires.anthropic_messages.styles import (
    ADAPTIVE_TO_MAX,
    ALWAYS,
    BUDGET,
    NO_THINKING,
    PLAIN_PARAMS,
    REASONING,
    SAMPLING,
)

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools, caching, prices of US inference, forced tools)", date(2026, 11, 12))
LITELLM_ALONE: Final = Source("litellm 1.109.1 (limits, modalities, tools, caching)", date(2026, 11, 12))
PI_AI: Final = Source("pi-ai 1.5.2 (limits, thinking, system messages between others)", date(2026, 11, 10))
MODEL_PAGE: Final = Source(
    "the vendor's model page, at second hand (limits, reasoning, cutoff, released)", date(2026, 11, 21)
)
DEPRECATIONS: Final = Source(
    "the vendor's deprecations page, at second hand, and anthropic 2.11 (deprecated, retired, replacement, released)",
    date(2026, 11, 21),
)

WITHOUT_SCHEMAS: Final = (
    Capability.VISION,
    Capability.FILES,
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
    Capability.PROMPT_CACHING,
)
CURRENT: Final = capabilities(*WITHOUT_SCHEMAS, Capability.STRUCTURED_OUTPUT, Capability.REASONING)
FIVE_EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")
# From how many tokens of a prompt on everything costs how many times as much.
PriceRise: TypeAlias = tuple[int, str]


class BudgetMetadata(AnthropicMetadata):
    """The 4.5 generation: thinks within a budget where it is asked to, and takes sampling parameters otherwise.

    They exist in API version 2023-06-01 alone.
    """

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = PLAIN_PARAMS | REASONING | SAMPLING
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "unless_reasoning"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = CURRENT
    THINKING: ClassVar[ThinkingStyle] = BUDGET
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
    DEFAULT_REASONING_EFFORT: ClassVar[str | None] = "none"
    CONTEXT_WINDOW: ClassVar[int | None] = 200_000
    MAX_TOKENS: ClassVar[int | None] = 64_000
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM)


class EffortMetadata(BudgetMetadata):
    """The 4.6 generation: decides itself how much it thinks, guided by an effort, once thinking is asked for."""

    THINKING: ClassVar[ThinkingStyle] = ADAPTIVE_TO_MAX
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("none", "low", "medium", "high", "max")
    CONTEXT_WINDOW: ClassVar[int | None] = 1_000_000
    MAX_TOKENS: ClassVar[int | None] = 128_000


class AdaptiveMetadata(AnthropicMetadata):
    """From Opus 4.7 on: five efforts, and no sampling parameters in any API version."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = PLAIN_PARAMS | REASONING
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = CURRENT
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("none", *FIVE_EFFORTS)
    DEFAULT_REASONING_EFFORT: ClassVar[str | None] = "high"
    CONTEXT_WINDOW: ClassVar[int | None] = 1_000_000
    MAX_TOKENS: ClassVar[int | None] = 128_000
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, PI_AI, MODEL_PAGE)


class AlwaysThinkingMetadata(AdaptiveMetadata):
    """A model whose thinking cannot be turned off, and that cannot be forced to call a tool."""

    THINKING: ClassVar[ThinkingStyle] = ALWAYS
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = FIVE_EFFORTS
    FORCED_TOOL_USE: ClassVar[bool] = False
    SYSTEM_IN_MESSAGES: ClassVar[bool] = True


class Claude3Metadata(AnthropicMetadata):
    """The third generation, retired: it neither thinks nor holds to schemas, and samples in API version 2023-06-01."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = PLAIN_PARAMS | SAMPLING
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "always"
    THINKING: ClassVar[ThinkingStyle] = NO_THINKING
    CONTEXT_WINDOW: ClassVar[int | None] = 200_000
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM_ALONE, GENAI_PRICES, DEPRECATIONS)


def prices_by_rule(
    input: str,
    output: str,
    *,
    cache_read: str,
    fast: bool = False,
    us: bool = True,
    long_prompt: PriceRise | None = None,
) -> Prices:
    """Make a model's prices, in USD per million tokens.

    A write to the cache costs 1.25 times the input, for an hour twice; the fast speed doubles everything; a web search
    is 1 cent (the vendor's pricing page as in genai-prices 0.2.3, 2026-11-10). Inference that stays in the US costs a
    tenth more, from the 4.6 generation on (litellm 1.109.1, 2026-11-12). Usage names these tiers `fast` and `us`.
    """
    base = Prices.of(
        input,
        output,
        cache_read=cache_read,
        cache_write=Decimal(input) * Decimal("1.25"),
        cache_write_1h=Decimal(input) * 2,
        server_tool_usd_per_thousand="10",
    )
    factors = {"us": "1.1"} if us else {}
    if fast:
        factors |= {"fast": "2", "fast-us": "2.2"}
    tiers = {tier: _raised(base.scaled(factor, factor), long_prompt) for tier, factor in factors.items()}
    return replace(_raised(base, long_prompt), service_tiers=tiers)


def _raised(prices: Prices, long_prompt: PriceRise | None) -> Prices:
    if long_prompt is None:
        return prices
    above, factor = long_prompt
    return replace(prices, tiers=(PriceTier(above, prices.scaled(factor, factor)),))
