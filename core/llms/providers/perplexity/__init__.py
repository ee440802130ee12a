"""Perplexity: `create_perplexity_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.perplexity.base_implementation import PerplexityBaseLLM
from core.llms.providers.perplexity.connector import PerplexityConnector
from core.llms.providers.perplexity.models import ROOMS

__all__ = ["PerplexityBaseLLM", "PerplexityConnector", "create_perplexity_llm"]


def create_perplexity_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> PerplexityBaseLLM:
    """Make the LLM of a model on Perplexity; `api_key` is else PERPLEXITY_API_KEY. Raises `MissingCredentialError`."""
    return build_key_llm(PerplexityBaseLLM, PerplexityConnector, ROOMS, model_name, options)
