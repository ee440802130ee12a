"""Llama 4 Scout."""

from core.llms.providers.bedrock.models.llama_4_scout.metadata import Llama4ScoutMetadata

__all__ = ["Llama4ScoutMetadata"]
