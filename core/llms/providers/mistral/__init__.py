"""Mistral: `create_mistral_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.mistral.base_implementation import MistralBaseLLM
from core.llms.providers.mistral.connector import MistralConnector
from core.llms.providers.mistral.models import ROOMS

__all__ = ["MistralBaseLLM", "MistralConnector", "create_mistral_llm"]


def create_mistral_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> MistralBaseLLM:
    """Make the LLM of a Mistral model; `api_key` is else MISTRAL_API_KEY. Raises `MissingCredentialError`."""
    return build_key_llm(MistralBaseLLM, MistralConnector, ROOMS, model_name, options)
