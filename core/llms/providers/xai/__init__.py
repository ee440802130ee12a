"""xAI: `create_xai_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.xai.base_implementation import XaiBaseLLM
from core.llms.providers.xai.connector import XaiConnector
from core.llms.providers.xai.models import ROOMS

__all__ = ["XaiBaseLLM", "XaiConnector", "create_xai_llm"]


def create_xai_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> XaiBaseLLM:
    """Make the LLM of a Grok model; `api_key` is else XAI_API_KEY. Raises `MissingCredentialError`.

    `wire` is `responses` (default of the listed models) or `chat`.
    """
    return build_key_llm(XaiBaseLLM, XaiConnector, ROOMS, model_name, options)
