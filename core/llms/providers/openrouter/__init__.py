"""OpenRouter: `create_openrouter_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.openrouter.base_implementation import OpenRouterBaseLLM
from core.llms.providers.openrouter.connector import OpenRouterConfig, OpenRouterConnector
from core.llms.providers.openrouter.models import ROOMS

__all__ = ["OpenRouterBaseLLM", "OpenRouterConfig", "OpenRouterConnector", "create_openrouter_llm"]


def create_openrouter_llm(
    model_name: str,
    *,
    referer: str | None = None,
    title: str | None = None,
    categories: str | None = None,
    **options: Unpack[KeyLLMOptions],
) -> OpenRouterBaseLLM:
    """Make the LLM of a model on OpenRouter; what is left out comes from the environment (see `OpenRouterConfig`).

    `api_key` is else OPENROUTER_API_KEY, `wire` is `chat` (default) or `responses`. Raises `MissingCredentialError`.
    """
    settings = {"referer": referer, "title": title, "categories": categories}
    return build_key_llm(OpenRouterBaseLLM, OpenRouterConnector, ROOMS, model_name, options, settings)
