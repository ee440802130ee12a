"""Groq: `create_groq_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.groq.base_implementation import GroqBaseLLM
from core.llms.providers.groq.connector import GroqConnector
from core.llms.providers.groq.models import ROOMS

__all__ = ["GroqBaseLLM", "GroqConnector", "create_groq_llm"]


def create_groq_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> GroqBaseLLM:
    """Make the LLM of a model on Groq; `api_key` is else GROQ_API_KEY. Raises `MissingCredentialError`."""
    return build_key_llm(GroqBaseLLM, GroqConnector, ROOMS, model_name, options)
