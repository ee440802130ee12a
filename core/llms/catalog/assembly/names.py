"""How other lists name the providers of this package, and how they spell a model's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Provider here: names there.
GENAI_PRICES: Final[Mapping[str, tuple[str, ...]]] = {
    "openai": ("openai",),
    "azure": ("azure",),
    "anthropic": ("anthropic",),
    "google": ("google",),
    "bedrock": ("aws",),
    "groq": ("groq",),
    "mistral": ("mistral",),
    "cohere": ("cohere",),
    "deepseek": ("deepseek",),
    "xai": ("x-ai",),
    "openrouter": ("openrouter",),
    "together": ("together",),
    "fireworks": ("fireworks",),
    "perplexity": ("perplexity",),
    "cerebras": ("cerebras",),
}
LITELLM: Final[Mapping[str, tuple[str, ...]]] = {
    "openai": ("openai",),
    "azure": ("azure", "azure_ai"),
    "anthropic": ("anthropic",),
    "google": ("gemini",),
    "bedrock": ("bedrock", "bedrock_converse"),
    "groq": ("groq",),
    "mistral": ("mistral",),
    "cohere": ("cohere", "cohere_chat"),
    "watsonx": ("watsonx",),
    "ollama": ("ollama",),
    "deepseek": ("deepseek",),
    "xai": ("xai",),
    "together": ("together_ai",),
    "fireworks": ("fireworks_ai",),
    "perplexity": ("perplexity",),
    "cerebras": ("cerebras",),
}
MODELS_DEV: Final[Mapping[str, tuple[str, ...]]] = {
    "openai": ("openai",),
    "azure": ("azure",),
    "anthropic": ("anthropic",),
    "google": ("google",),
    "bedrock": ("amazon-bedrock",),
    "groq": ("groq",),
    "mistral": ("mistral",),
    "cohere": ("cohere",),
    "watsonx": ("watsonx",),
    "ollama": ("ollama-cloud",),
    "deepseek": ("deepseek",),
    "xai": ("xai",),
    "openrouter": ("openrouter",),
    "together": ("togetherai",),
    "fireworks": ("fireworks-ai",),
    "perplexity": ("perplexity-agent", "perplexity"),
    "cerebras": ("cerebras",),
    "huggingface": ("huggingface",),
    "nvidia": ("nvidia",),
}
PI_AI: Final[Mapping[str, tuple[str, ...]]] = {
    "openai": ("openai",),
    "azure": ("azure",),
    "anthropic": ("anthropic",),
    "google": ("google",),
    "bedrock": ("amazon-bedrock",),
    "groq": ("groq",),
    "mistral": ("mistral",),
    "deepseek": ("deepseek",),
    "xai": ("xai",),
    "openrouter": ("openrouter",),
    "together": ("together",),
    "fireworks": ("fireworks",),
    "cerebras": ("cerebras",),
    "huggingface": ("huggingface",),
    "nvidia": ("nvidia",),
}
PROVIDERS: Final = tuple(sorted({*GENAI_PRICES, *LITELLM, *MODELS_DEV, *PI_AI}))
# Days, Monday 0, on which hours have prices of their own, where genai-prices cannot say it. Its comment on DeepSeek's
# models: weekends are off-peak since 2026-08-23.
PEAK_WEEKDAYS: Final[Mapping[str, list[int]]] = {"deepseek": [0, 1, 2, 3, 4]}
_FIREWORKS: Final = "accounts/fireworks/models/"


def wire_id(provider: str, id: str) -> str | None:
    """Spell a model's id as it goes on the wire; None for one that is no model's: a size class, a region's price."""
    if provider == "fireworks":
        return id if id.startswith("accounts/") or "/" in id else f"{_FIREWORKS}{id}"
    if provider == "bedrock" and "/" in id:
        return None
    if provider == "google" and ("/" in id or id.startswith("claude")):
        return None  # Vertex AI has them at another address, on another wire
    if provider == "azure" and id.partition("/")[0] in ("eu", "us", "global", "global-standard", "ft", "au", "jp"):
        return None
    return id
