"""NVIDIA: `create_nvidia_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.nvidia.base_implementation import NvidiaBaseLLM
from core.llms.providers.nvidia.connector import NvidiaConnector
from core.llms.providers.nvidia.models import ROOMS

__all__ = ["NvidiaBaseLLM", "NvidiaConnector", "create_nvidia_llm"]


def create_nvidia_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> NvidiaBaseLLM:
    """Make the LLM of a model at NVIDIA or a NIM; `api_key` is else NVIDIA_API_KEY. Raises `MissingCredentialError`."""
    return build_key_llm(NvidiaBaseLLM, NvidiaConnector, ROOMS, model_name, options)
