"""The models the simulated Bedrock knows, as data, and the ids by which they are called.

Limits and capabilities: models.dev snapshot of 2026-09-30 and litellm 1.109.1 of 2026-11-12. What a Claude takes beyond
them is what Anthropic's own API takes. Which models are called by an inference profile alone: the ids that those lists
have. Counting of tokens: recorded exchanges, and Amazon, "Count tokens", which names Claude. Read 2026-11-21.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from core.llms.simulator.bedrock.errors import ApiError

Family: TypeAlias = Literal["claude", "nova", "nova2", "llama", "mistral", "gpt-oss", "titan", "cohere", "nova-embed"]

_GEOGRAPHIES = ("us", "eu", "jp", "au", "apac", "global")
_ARN = re.compile(
    r"arn:aws[^:]*:bedrock:[a-z0-9-]*:(?:\d{12})?:(foundation-model|inference-profile|application-inference-profile)/"
    r"(.+)"
)


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes and gives; windows and limits are in tokens.

    `profiles` are the geographies with an inference profile of it; without `on_demand` it is called by these alone.
    `claude` is its name at Anthropic. `cache_minimum` is the shortest prompt that is cached, None where none is.
    """

    id: str
    name: str
    vendor: str
    family: Family
    context_window: int
    max_output: int = 0
    profiles: tuple[str, ...] = ()
    on_demand: bool = True
    images: bool = True
    documents: bool = True
    forced_tools: bool = True
    schemas: bool = False
    cache_minimum: int | None = None
    claude: str | None = None

    @property
    def makes_vectors(self) -> bool:
        """Whether it makes vectors and no answers."""
        return self.family in ("titan", "cohere", "nova-embed")


@dataclass(frozen=True, slots=True)
class Target:
    """A model as a request names it: by its own id, or by an inference profile."""

    model: Model
    profile: str | None = None


def _claude(id: str, name: str, claude: str, max_output: int = 128_000, window: int = 1_000_000) -> Model:
    return Model(
        id=f"anthropic.{id}",
        name=name,
        vendor="Anthropic",
        family="claude",
        context_window=window,
        max_output=max_output,
        profiles=_GEOGRAPHIES,
        on_demand=False,
        schemas=True,
        cache_minimum=1024,
        claude=claude,
    )


def _nova(id: str, name: str, window: int, profiles: tuple[str, ...] = ("us", "eu", "apac")) -> Model:
    return Model(f"amazon.{id}", name, "Amazon", "nova", window, 10_000, profiles, cache_minimum=1000)


_NOVA_2_LITE = replace(
    _nova("nova-2-lite-v1:0", "Nova 2 Lite", 1_000_000, ("us", "eu", "jp", "global")),
    family="nova2",
    max_output=64_000,
    on_demand=False,
)
_LLAMA_3 = Model(
    "meta.llama3-3-70b-instruct-v1:0",
    "Llama 3.3 70B Instruct",
    "Meta",
    "llama",
    128_000,
    4096,
    ("us",),
    images=False,
    forced_tools=False,
)
_MAVERICK = replace(
    _LLAMA_3,
    id="meta.llama4-maverick-17b-instruct-v1:0",
    name="Llama 4 Maverick 17B Instruct",
    context_window=1_000_000,
    max_output=8192,
    images=True,
)
_GPT_OSS = Model(
    "openai.gpt-oss-120b-1:0",
    "gpt-oss-120b",
    "OpenAI",
    "gpt-oss",
    128_000,
    16_384,
    images=False,
    documents=False,
    schemas=True,
)
_ROWS = (
    _claude("claude-opus-5-5", "Claude Opus 5.5", "claude-opus-5-5"),
    _claude("claude-sonnet-5-5", "Claude Sonnet 5.5", "claude-sonnet-5-5"),
    _claude("claude-haiku-5-5", "Claude Haiku 5.5", "claude-haiku-5-5"),
    _claude("claude-fable-5-1", "Claude Fable 5.1", "claude-fable-5-1"),
    _claude("claude-opus-4-8", "Claude Opus 4.8", "claude-opus-4-8"),
    _claude("claude-sonnet-4-6", "Claude Sonnet 4.6", "claude-sonnet-4-6", 64_000),
    _claude("claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5", "claude-sonnet-4-5-20250929", 64_000, 200_000),
    _claude("claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5", "claude-haiku-4-5-20251001", 64_000, 200_000),
    _NOVA_2_LITE,
    _nova("nova-premier-v1:0", "Nova Premier", 1_000_000, ("us",)),
    _nova("nova-pro-v1:0", "Nova Pro", 300_000),
    _nova("nova-lite-v1:0", "Nova Lite", 300_000),
    replace(_nova("nova-micro-v1:0", "Nova Micro", 128_000), images=False, documents=False),
    _MAVERICK,
    replace(
        _MAVERICK,
        id="meta.llama4-scout-17b-instruct-v1:0",
        name="Llama 4 Scout 17B Instruct",
        context_window=10_000_000,
    ),
    _LLAMA_3,
    Model(
        "mistral.mistral-large-3-675b-instruct",
        "Mistral Large 3",
        "Mistral AI",
        "mistral",
        256_000,
        32_000,
        schemas=True,
    ),
    Model(
        "mistral.pixtral-large-2502-v1:0",
        "Pixtral Large (25.02)",
        "Mistral AI",
        "mistral",
        128_000,
        16_384,
        ("us", "eu"),
        on_demand=False,
    ),
    _GPT_OSS,
    replace(_GPT_OSS, id="openai.gpt-oss-20b-1:0", name="gpt-oss-20b"),
    Model("amazon.titan-embed-text-v2:0", "Titan Text Embeddings V2", "Amazon", "titan", 8192),
    Model("cohere.embed-v4:0", "Embed v4", "Cohere", "cohere", 128_000, profiles=("us", "eu", "global")),
    Model("amazon.nova-2-multimodal-embeddings-v1:0", "Nova Multimodal Embeddings", "Amazon", "nova-embed", 8172),
)
MODELS = {row.id: row for row in _ROWS}
PROFILES = {f"{place}.{row.id}": row for row in _ROWS for place in row.profiles}
_ENDED = frozenset(
    {
        "anthropic.claude-v2",
        "anthropic.claude-3-sonnet-20240229-v1:0",
        "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "anthropic.claude-3-5-sonnet-20241022-v2:0",
        "amazon.titan-text-express-v1",
    }
)


def find_target(identifier: str) -> Target:
    """The model of an id, an inference profile, or an ARN of either. Raises: ApiError."""
    arn = _ARN.fullmatch(identifier)
    name = arn.group(2) if arn is not None else identifier
    if name in _ENDED or name.partition(".")[2] in _ENDED:
        raise ApiError(
            "This model version has reached the end of its life. Please refer to the AWS documentation for more "
            "details.",
            name="ResourceNotFoundException",
        )
    is_profile = name in PROFILES and (arn is None or arn.group(1) == "inference-profile")
    if is_profile:
        return Target(PROFILES[name], name)
    if name not in MODELS or (arn is not None and arn.group(1) != "foundation-model"):
        raise ApiError("The provided model identifier is invalid.")
    if not MODELS[name].on_demand:
        raise ApiError(
            f"Invocation of model ID {identifier} with on-demand throughput isn’t supported. Retry your request with "
            "the ID or ARN of an inference profile that contains this model."
        )
    return Target(MODELS[name])


def find_counted(identifier: str) -> Model:
    """The model whose tokens can be counted; inference profiles are not models. Raises: ApiError."""
    arn = _ARN.fullmatch(identifier)
    model = MODELS.get(arn.group(2) if arn is not None else identifier)
    if model is None and identifier not in PROFILES:
        raise ApiError("The provided model identifier is invalid.")
    if model is None or model.claude is None:
        raise ApiError("The provided model doesn't support counting tokens.")
    return model
