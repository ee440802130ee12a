"""Together AI: `create_together_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.together.base_implementation import TogetherBaseLLM
from core.llms.providers.together.connector import TogetherConnector
from core.llms.providers.together.models import ROOMS

__all__ = ["TogetherBaseLLM", "TogetherConnector", "create_together_llm"]


def create_together_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> TogetherBaseLLM:
    """Make the LLM of a model on Together AI; `api_key` is else TOGETHER_API_KEY. Raises `MissingCredentialError`."""
    return build_key_llm(TogetherBaseLLM, TogetherConnector, ROOMS, model_name, options)
