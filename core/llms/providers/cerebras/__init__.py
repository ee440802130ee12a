"""Cerebras: `create_cerebras_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.cerebras.base_implementation import CerebrasBaseLLM
from core.llms.providers.cerebras.connector import CerebrasConnector
from core.llms.providers.cerebras.models import ROOMS

__all__ = ["CerebrasBaseLLM", "CerebrasConnector", "create_cerebras_llm"]


def create_cerebras_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> CerebrasBaseLLM:
    """Make the LLM of a model on Cerebras; `api_key` is else CEREBRAS_API_KEY. Raises `MissingCredentialError`."""
    return build_key_llm(CerebrasBaseLLM, CerebrasConnector, ROOMS, model_name, options)
