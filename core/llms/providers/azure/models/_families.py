"""What OpenAI's models on Azure have in common, family by family: wire, parameters, capabilities.

No figure of a single model lives here: those are in the model's own room. Prices are those of Global deployments;
a data zone (EU, US) costs 10 or 20% more, which `prices=` of the factory can say.
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
LITELLM: Final = Source("litellm 1.109.1 (prices, tools, caching, retired)", date(2026, 11, 12))
LITELLM_ALONE: Final = Source(
    "litellm 1.109.1 (limits, modalities, prices, tools, caching, retired)", date(2026, 11, 12)
)

# Files: Azure's Responses API takes PDFs with every model that sees (Microsoft Q&A 5807901, 2026-03-04); models.dev and
# litellm leave them out for the older models.
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
LEGACY_CHAT: Final[Mapping[Capability, bool]] = {
    **VISION_CHAT,
    Capability.VISION: False,
    Capability.FILES: False,
    Capability.PARALLEL_TOOLS: False,
    Capability.STRUCTURED_OUTPUT: False,
    Capability.PROMPT_CACHING: False,
}
REASONING_CHAT: Final[Mapping[Capability, bool]] = {**VISION_CHAT, Capability.REASONING: True}


class ChatMetadata(BaseMetadata):
    """A model that does not reason: chat completions, with every sampling parameter."""

    PROVIDER = "azure"
    WIRE = "chat"
    SUPPORTED_PARAMS = CHAT_PARAMS
    SAMPLING = "always"
    CAPABILITIES = VISION_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, LITELLM)


class ReasoningMetadata(BaseMetadata):
    """A model whose reasoning can be turned off (effort `none`), which is when it takes sampling parameters.

    The efforts are the model's own, as OpenAI documents them. On chat completions, too, it wants the newer name of
    the output limit (Microsoft, "Azure OpenAI reasoning models", 2026-02-24), and the Responses wire takes it for its
    own.
    """

    PROVIDER = "azure"
    WIRE = "responses"
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {names.PARAM_MAX_TOKENS: "max_completion_tokens"}
    SUPPORTED_PARAMS: ClassVar[Set[str]] = REASONING_PARAMS
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "unless_reasoning"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = REASONING_CHAT
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, LITELLM)


class AlwaysReasoningMetadata(ReasoningMetadata):
    """A model that always reasons and takes no sampling parameters."""

    SUPPORTED_PARAMS: ClassVar[Set[str]] = COMMON | REASONING
    SAMPLING = "never"


class GPT5FamilyMetadata(AlwaysReasoningMetadata):
    """GPT-5 and GPT-5 mini: the only ones with effort `minimal`."""

    FAMILY = "gpt-5"
    REASONING_EFFORTS = ("minimal", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"


class EmbeddingMetadata(BaseMetadata):
    """A model that turns text into vectors."""

    PROVIDER = "azure"
    WIRE = "chat"
    FAMILY = "text-embedding-3"
    SUPPORTED_PARAMS: ClassVar[Set[str]] = frozenset()
    SAMPLING = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
    SOURCES: ClassVar[tuple[Source, ...]] = (MODELS_DEV, LITELLM)


LONG_PROMPT_TOKENS: Final = 272_000
WEB_SEARCH_USD_PER_THOUSAND: Final = "14"


def prices_by_prompt(
    input: str, output: str, *, cache_read: str, cache_write: str, service_tiers: Mapping[str, Prices] | None = None
) -> Prices:
    """Make the prices of a model from GPT-5.6 on, in USD per million tokens.

    A prompt above 272,000 tokens doubles what goes in and adds half to what comes out, for the whole call
    (litellm 1.109.1, 2026-11-12).
    """
    base = Prices.of(input, output, cache_read=cache_read, cache_write=cache_write)
    return replace(
        base,
        tiers=(PriceTier(LONG_PROMPT_TOKENS, base.scaled("2", "1.5")),),
        service_tiers=service_tiers or {},
        server_tool_usd_per_thousand=Decimal(WEB_SEARCH_USD_PER_THOUSAND),
    )
