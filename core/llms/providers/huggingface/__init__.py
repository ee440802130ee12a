"""Hugging Face's router to many inference providers: `create_huggingface_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.huggingface.base_implementation import HuggingFaceBaseLLM, find_metadata_at
from core.llms.providers.huggingface.connector import HuggingFaceConnector
from core.llms.providers.huggingface.models import ROOMS

__all__ = ["HuggingFaceBaseLLM", "HuggingFaceConnector", "create_huggingface_llm"]


def create_huggingface_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> HuggingFaceBaseLLM:
    """Make the LLM of a model at the router; `api_key` is else HF_TOKEN.

    A name may end with an inference provider (`org/model:groq`) or a rule (`:fastest`, `:cheapest`) that chooses one.
    Raises `MissingCredentialError`.
    """
    options["metadata"] = options.get("metadata") or find_metadata_at(model_name)
    return build_key_llm(HuggingFaceBaseLLM, HuggingFaceConnector, ROOMS, model_name, options)
