"""Fireworks AI: `create_fireworks_llm`."""

from __future__ import annotations

from typing import Final, Unpack

from core.llms.providers.base.key_factory import KeyLLMOptions, build_key_llm
from core.llms.providers.fireworks.base_implementation import FireworksBaseLLM
from core.llms.providers.fireworks.connector import FireworksConnector
from core.llms.providers.fireworks.models import ROOMS

__all__ = ["FireworksBaseLLM", "FireworksConnector", "create_fireworks_llm"]

_SHARED_MODELS: Final = "accounts/fireworks/models/"


def create_fireworks_llm(model_name: str, **options: Unpack[KeyLLMOptions]) -> FireworksBaseLLM:
    """Make the LLM of a model on Fireworks AI; `api_key` is else FIREWORKS_API_KEY.

    A name without a path is one of Fireworks's own models: `kimi-k3` is `accounts/fireworks/models/kimi-k3`. Raises
    `MissingCredentialError`.
    """
    bare = model_name.removeprefix("fireworks-")
    name = bare if "/" in bare else _SHARED_MODELS + bare
    return build_key_llm(FireworksBaseLLM, FireworksConnector, ROOMS, name, options)
