"""What Bedrock's models have in common, family by family: parameters, capabilities, and the rules of prices.

No figure of a single model lives here: those are in the model's own room. A geography's inference profile (`us.`,
`eu.` …) costs a tenth more than the model by `global.`: such a room has a class of its own for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, Literal

from core.llms.providers.base.metadata import Capability, Source, capabilities
from core.llms.providers.bedrock.dialects import LLAMA, MISTRAL, NOVA, NOVA_2, OPENAI, claude_dialect
from core.llms.providers.bedrock.metadata import BedrockMetadata
from core.llms.types import parameters as names
from core.llms.types.prices import Prices
from core.llms.wires.anthropic_messages import ThinkingStyle
from core.llms.wires.anthropic_messages.styles import ADAPTIVE_TO_MAX, BUDGET
from core.llms.wires.bedrock_converse import ConverseDialect

LITELLM: Final = Source(
    "litellm 1.109.1 (limits, prices, tools, caching, structured output, retired)", date(2026, 11, 12)
)
MODELS_DEV: Final = Source(
    "models.dev, as in opencode 1.18.34 (modalities, reasoning, cutoff, released)", date(2026, 9, 30)
)
GEOGRAPHIES: Final = ("us", "eu", "jp", "au", "apac")
REGIONAL: Final = Decimal("1.1")

COMMON: Final = frozenset({names.PARAM_MAX_TOKENS, names.PARAM_STOP, names.PARAM_SERVICE_TIER, names.PARAM_METADATA})
PARALLEL: Final = frozenset({names.PARAM_PARALLEL_TOOL_CALLS})
SAMPLING: Final = frozenset({names.PARAM_TEMPERATURE, names.PARAM_TOP_P})
TOP_K: Final = frozenset({names.PARAM_TOP_K})
EFFORT: Final = frozenset({names.PARAM_REASONING_EFFORT})
REASONING: Final = EFFORT | {names.PARAM_REASONING_SUMMARY}
TEXT: Final = (Capability.TOOLS, Capability.STREAMING, Capability.SYSTEM_MESSAGES)
MEDIA: Final = (Capability.VISION, Capability.FILES)
CLAUDE: Final = (
    *TEXT,
    *MEDIA,
    Capability.PARALLEL_TOOLS,
    Capability.PROMPT_CACHING,
    Capability.REASONING,
)


class ClaudeMetadata(BedrockMetadata):
    """A Claude that decides itself how much it thinks, guided by an effort, and takes no sampling parameters."""

    THINKING: ClassVar[ThinkingStyle] = ThinkingStyle(efforts=("low", "medium", "high", "xhigh"))
    FORCED_TOOL_USE: ClassVar[bool] = True
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = COMMON | REASONING
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(*CLAUDE, Capability.STRUCTURED_OUTPUT)
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("none", "low", "medium", "high", "xhigh")
    DEFAULT_REASONING_EFFORT: ClassVar[str | None] = "none"
    CONTEXT_WINDOW: ClassVar[int | None] = 1_000_000
    MAX_TOKENS: ClassVar[int | None] = 128_000
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, MODELS_DEV)

    @classmethod
    def dialect(cls) -> ConverseDialect:
        return claude_dialect(cls.THINKING, cls.MAX_TOKENS, forced_tool_use=cls.FORCED_TOOL_USE)


class AlwaysThinkingClaudeMetadata(ClaudeMetadata):
    """A Claude whose thinking cannot be turned off on Bedrock, and that cannot be forced to call a tool."""

    THINKING: ClassVar[ThinkingStyle] = ThinkingStyle(off=None, efforts=("low", "medium", "high", "xhigh"))
    FORCED_TOOL_USE: ClassVar[bool] = False
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("low", "medium", "high", "xhigh")
    DEFAULT_REASONING_EFFORT: ClassVar[str | None] = "high"


class EffortClaudeMetadata(ClaudeMetadata):
    """The 4.6 generation: takes sampling parameters where it does not think."""

    THINKING: ClassVar[ThinkingStyle] = ADAPTIVE_TO_MAX
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = COMMON | REASONING | SAMPLING | TOP_K
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "unless_reasoning"
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("none", "low", "medium", "high", "max")


class BudgetClaudeMetadata(EffortClaudeMetadata):
    """The 4.5 generation: thinks within a budget where it is asked to."""

    THINKING: ClassVar[ThinkingStyle] = BUDGET
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = names.REASONING_EFFORTS
    CONTEXT_WINDOW: ClassVar[int | None] = 200_000
    MAX_TOKENS: ClassVar[int | None] = 64_000


class NovaMetadata(BedrockMetadata):
    """Amazon's Nova: sees and reads, does not reason."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = COMMON | SAMPLING | TOP_K
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(
        *TEXT, *MEDIA, Capability.PARALLEL_TOOLS, Capability.PROMPT_CACHING
    )
    FAMILY: ClassVar[str | None] = "nova"
    MAX_TOKENS: ClassVar[int | None] = 10_000
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, MODELS_DEV)

    @classmethod
    def dialect(cls) -> ConverseDialect:
        return NOVA


class Nova2Metadata(NovaMetadata):
    """The second generation: reasons where it is asked to."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = COMMON | SAMPLING | TOP_K | EFFORT
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**NovaMetadata.CAPABILITIES, Capability.REASONING: True}
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("none", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT: ClassVar[str | None] = "none"
    CONTEXT_WINDOW: ClassVar[int | None] = 1_000_000
    MAX_TOKENS: ClassVar[int | None] = 64_000

    @classmethod
    def dialect(cls) -> ConverseDialect:
        return NOVA_2


class LlamaMetadata(BedrockMetadata):
    """Meta's Llama: cannot be forced to call a tool."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = COMMON | SAMPLING
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(*TEXT, *MEDIA)
    FAMILY: ClassVar[str | None] = "llama"
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, MODELS_DEV)

    @classmethod
    def dialect(cls) -> ConverseDialect:
        return LLAMA


class MistralMetadata(BedrockMetadata):
    """Mistral's models."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = COMMON | SAMPLING
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(
        *TEXT, *MEDIA, Capability.PARALLEL_TOOLS, Capability.STRUCTURED_OUTPUT
    )
    FAMILY: ClassVar[str | None] = "mistral"
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, MODELS_DEV)

    @classmethod
    def dialect(cls) -> ConverseDialect:
        return MISTRAL


class GptOssMetadata(BedrockMetadata):
    """OpenAI's open models: always reason, by an effort."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = COMMON | SAMPLING | EFFORT
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(
        *TEXT, Capability.REASONING, Capability.STRUCTURED_OUTPUT
    )
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT: ClassVar[str | None] = "medium"
    FAMILY: ClassVar[str | None] = "gpt-oss"
    CONTEXT_WINDOW: ClassVar[int | None] = 128_000
    MAX_TOKENS: ClassVar[int | None] = 16_384
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM, MODELS_DEV)

    @classmethod
    def dialect(cls) -> ConverseDialect:
        return OPENAI


class EmbeddingMetadata(BedrockMetadata):
    """A model that makes vectors."""

    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = frozenset()
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "never"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = capabilities(Capability.EMBEDDINGS)
    FAMILY: ClassVar[str | None] = "embedding"
    SOURCES: ClassVar[tuple[Source, ...]] = (LITELLM,)


def cached_prices(input: str, output: str, cache_read: str, *, write_factor: str = "1.25") -> Prices:
    """Make prices of a model with a cache, in USD per million tokens.

    A Claude's write costs 1.25 times the input, for an hour twice; Nova's costs what its input does (litellm 1.109.1,
    2026-11-12, and models.dev, 2026-09-30).
    """
    return Prices.of(
        input,
        output,
        cache_read=cache_read,
        cache_write=Decimal(input) * Decimal(write_factor),
        cache_write_1h=Decimal(input) * 2 if write_factor == "1.25" else None,
    )


def profiles(model: str) -> tuple[str, ...]:
    """Return the ids of a model's geographic inference profiles besides the first, `us.`."""
    return tuple(f"{geography}.{model}" for geography in GEOGRAPHIES[1:])
