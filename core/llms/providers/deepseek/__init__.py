"""DeepSeek: `create_deepseek_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.deepseek.base_implementation import DeepSeekBaseLLM
from core.llms.providers.deepseek.connector import DeepSeekConnector
from core.llms.providers.deepseek.models import ROOMS

__all__ = ["DeepSeekBaseLLM", "DeepSeekConnector", "create_deepseek_llm"]


def create_deepseek_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> DeepSeekBaseLLM:
    """Make the LLM of a DeepSeek model; `api_key` is else DEEPSEEK_API_KEY. Raises `MissingCredentialError`.

    `wire` is `chat` (default) or `responses`.
    """
    return build_key_llm(DeepSeekBaseLLM, DeepSeekConnector, ROOMS, model_name, options)
