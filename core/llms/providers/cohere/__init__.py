"""Cohere: `create_cohere_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.cohere.base_implementation import CohereBaseLLM
from core.llms.providers.cohere.connector import CohereConnector
from core.llms.providers.cohere.models import ROOMS

__all__ = ["CohereBaseLLM", "CohereConnector", "create_cohere_llm"]


def create_cohere_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> CohereBaseLLM:
    """Make the LLM of a Cohere model; `api_key` is else CO_API_KEY. Raises `MissingCredentialError`."""
    return build_key_llm(CohereBaseLLM, CohereConnector, ROOMS, model_name, options)
