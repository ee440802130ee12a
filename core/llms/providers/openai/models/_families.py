"""What OpenAI's models have in common, family by family: wire, parameters, capabilities, and the rules of its prices.

No figure of a single model lives here: those are in the model's own room.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import BaseMetadata, Capability, Source, capabilities
from core.llms.types import parameters as names
from core.llms.types.prices import Prices, PriceTier
from core.llms.wires.openai_parameters import CHAT_PARAMS, COMMON, REASONING, REASONING_PARAMS

MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (limits, modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GENAI_PRICES: Final = Source("genai-prices 0.2.3 (prices)", date(2026, 11, 10))
LITELLM: Final = Source("litellm 1.109.1 (tools, caching, retired, prices of ultrafast)", date(2026, 11, 12))
DEPRECATIONS: Final = Source("OpenAI's deprecations page, at second hand (deprecated, replacement)", date(2026, 10, 28))
MODEL_PAGE: Final = Source(
    "OpenAI's model page, at second hand (limits, modalities, reasoning, cutoff, released)", date(2026, 11, 19)
)

# Files: OpenAI's "File inputs" guide (read 2026-11-21) has PDFs on gpt-4o and every later model that sees; models.dev
# leaves them out for gpt-4.1-nano, o4-mini and gpt-5, litellm has them.
VISION_CHAT: Final = capabilities(
    Capability.VISION,
    Capability.FILES,
    Capability.TOOLS,
    Capability.PARALLEL_TOOLS,
    Capability.STRUCTURED_OUTPUT,
    Capability.JSON_MODE,
    Capability.STREAMING,
    Capability.SYSTEM_MESSAGES,
    Capability.PROMPT_CACHING,
)
# Structured output came with gpt-4o-2024-08-06. litellm says that the older models cache, but no price list has a
# price for it.
LEGACY_CHAT: Final[Mapping[Capability, bool]] = {
    **VISION_CHAT,
    Capability.VISION: False,
    Capability.FILES: False,
    Capability.STRUCTURED_OUTPUT: False,
    Capability.PROMPT_CACHING: False,
}
REASONING_CHAT: Final[Mapping[Capability, bool]] = {**VISION_CHAT, Capability.REASONING: True}


class ChatMetadata(BaseMetadata):
    """A model that does not reason: chat completions, with every sampling parameter."""

    PROVIDER = "openai"
    WIRE = "chat"
    SUPPORTED_PARAMS = CHAT_PARAMS
    SAMPLING = "always"
    CAPABILITIES = VISION_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, DEPRECATIONS)


class ReasoningMetadata(BaseMetadata):
    """A model whose reasoning can be turned off (effort `none`), which is when it takes sampling parameters.

    That it then takes them is pydantic-ai's table (2.68.0); models.dev says no temperature at all from GPT-5.5 on.
    Its reasoning comes back in the next turn only on the Responses wire, which GPT-6 needs for tools, too.
    """

    PROVIDER = "openai"
    WIRE = "responses"
    SUPPORTED_PARAMS = REASONING_PARAMS
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "unless_reasoning"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = REASONING_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM)


class AlwaysReasoningMetadata(ReasoningMetadata):
    """A model that always reasons and takes no sampling parameters."""

    SUPPORTED_PARAMS = COMMON | REASONING
    SAMPLING = "never"


class GPT5FamilyMetadata(AlwaysReasoningMetadata):
    """GPT-5, GPT-5 mini and GPT-5 nano: the only ones with effort `minimal`."""

    FAMILY = "gpt-5"
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, DEPRECATIONS)


class OSeriesMetadata(AlwaysReasoningMetadata):
    """The o-series: three efforts, `medium` by default, one tool call at a time, no stop sequences.

    `stop` is refused says openai 3.52 (CompletionCreateParams), parallel calls are refused says litellm 1.109.1.
    """

    FAMILY = "o-series"
    REASONING_EFFORTS = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    SUPPORTED_PARAMS = (COMMON | REASONING) - {
        names.PARAM_STOP,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_VERBOSITY,
    }
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**REASONING_CHAT, Capability.PARALLEL_TOOLS: False}
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES, LITELLM, DEPRECATIONS)


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "openai"
    WIRE = "chat"
    FAMILY = "text-embedding-3"
    SUPPORTED_PARAMS: ClassVar[Set[str]] = frozenset()
    SAMPLING = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, GENAI_PRICES)


LONG_PROMPT_TOKENS: Final = 272_000
SERVICE_TIERS: Final[Mapping[str, str]] = {"flex": "0.5", "priority": "2", "fast": "2"}


def prices_by_rule(
    input: str, output: str, *, cache_read: str, cache_write: str, service_tiers: Mapping[str, str] = SERVICE_TIERS
) -> Prices:
    """Make the prices of a model from GPT-5.6 on, in USD per million tokens.

    A prompt above 272,000 tokens doubles what goes in and adds half to what comes out, for the whole call; a service
    tier multiplies everything; a web search is 1 cent (OpenAI's pricing page as in genai-prices 0.2.3, 2026-11-10).
    A prompt kept in the cache for 12 hours costs twice the write of 30 minutes (litellm 1.109.1, 2026-11-12).
    `priority` and `fast` are one tier; answers name it `priority` (openai 3.52).
    """
    base = Prices.of(
        input,
        output,
        cache_read=cache_read,
        cache_write=cache_write,
        cache_write_1h=Decimal(cache_write) * 2,
        server_tool_usd_per_thousand="10",
    )
    tiers = {tier: _multiplied(base, Decimal(factor)) for tier, factor in service_tiers.items()}
    return replace(base, tiers=(_long_prompt(base),), service_tiers=tiers)


def _multiplied(base: Prices, factor: Decimal) -> Prices:
    prices = base.scaled(factor, factor)
    return replace(prices, tiers=(_long_prompt(prices),))


def _long_prompt(base: Prices) -> PriceTier:
    return PriceTier(LONG_PROMPT_TOKENS, base.scaled("2", "1.5"))
