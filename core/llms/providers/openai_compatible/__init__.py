"""Any server that speaks OpenAI's chat completions: `create_openai_compatible_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.openai_compatible.base_implementation import OpenAICompatibleLLM
from core.llms.providers.openai_compatible.connector import OpenAICompatibleConnector
from core.llms.providers.openai_compatible.models import ROOMS

__all__ = ["OpenAICompatibleConnector", "OpenAICompatibleLLM", "create_openai_compatible_llm"]


def create_openai_compatible_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> OpenAICompatibleLLM:
    """Make the LLM of a model at any server; `base_url` (OPENAI_COMPATIBLE_BASE_URL) is its address, with `/v1`.

    No key is needed; OPENAI_COMPATIBLE_API_KEY is one. `metadata` and `prices` tell what only you can know of the
    model. Raises `ConfigurationError` without an address.
    """
    return build_key_llm(OpenAICompatibleLLM, OpenAICompatibleConnector, ROOMS, model_name, options)
