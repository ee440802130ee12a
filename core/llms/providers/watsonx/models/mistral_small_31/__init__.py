"""Mistral Small 3.1."""

from core.llms.providers.watsonx.models.mistral_small_31.metadata import MistralSmall31Metadata

__all__ = ["MistralSmall31Metadata"]
